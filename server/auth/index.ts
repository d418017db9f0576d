export { authenticate, type AuthEnv, type AuthOptions } from "./authenticate.ts";
export { createGrantVerifier } from "./grant.ts";
export {
  isAdmin,
  LOCAL_IDENTITY,
  requireAllowedFile,
  requireAllowedKey,
  requireAnyScope,
  requireScope,
  type Identity,
} from "./identity.ts";
export { deriveKey, loadOrCreateSecret } from "./secret.ts";
export { clearSessionCookie, writeSessionCookie } from "./session-cookie.ts";
export { createSignIn, type SignIn } from "./sign-in.ts";
export { createMemoryRateLimiter } from "./token-bucket.ts";
export { createUploadPlaces, type UploadPlaces } from "./upload-places.ts";
