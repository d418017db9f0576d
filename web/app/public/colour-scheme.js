// Before the first paint, so that a remembered scheme does not flash the other one. A file of its
// own: a strict Content-Security-Policy allows no inline script. See shell/colour-scheme.ts.
try {
  const scheme = localStorage.getItem("sluice.scheme");
  if (scheme === "light" || scheme === "dark") document.documentElement.dataset.scheme = scheme;
} catch {
  // Storage may be forbidden: the device's scheme it is.
}
