export {
  createAnswerCache,
  MAX_KEPT_BYTES,
  type AnswerCache,
  type KeptAnswer,
} from "./answer-cache.ts";
