export { createCheckup, type Checkup } from "./checkup.ts";
