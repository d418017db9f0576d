export { createCheckup, type Checkup, type CheckupOptions } from "./checkup.ts";
