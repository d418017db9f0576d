export { authenticate, type AuthEnv, type AuthOptions } from "./authenticate.ts";
export { createGrantVerifier, type GrantVerifier } from "./grant.ts";
export {
  LOCAL_IDENTITY,
  requireAllowedFile,
  requireAllowedKey,
  requireScope,
  type Identity,
  type Scope,
} from "./identity.ts";
export { deriveKey, loadOrCreateSecret } from "./secret.ts";
