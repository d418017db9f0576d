/**
 * Laws are tried on other values at every run, so that everyday runs find what nobody thought of. Where a change is
 * judged (`.ci/run`) the values are always the same: what chance finds is for whoever it finds it to mend, and no
 * reason to refuse what somebody else wrote.
 */
const seed = process.env["SLUICE_PROPERTY_SEED"];

if (seed !== undefined && seed !== "") {
  const { default: fc } = await import("fast-check");
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
}
