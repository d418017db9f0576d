/**
 * Catches the focus when the focused element disappears because its state did: it goes to the
 * nearest ancestor with `tabindex="-1"` that is left instead of the top of the page. For `{@attach}`.
 */
export function keepFocus(root: HTMLElement): () => void {
  let focused: Element | null = null;
  let refuges: readonly HTMLElement[] = [];
  const onFocus = (event: FocusEvent) => {
    focused = event.target instanceof Element ? event.target : null;
    refuges = refugesOf(focused);
  };
  const removals = new MutationObserver(() => {
    if (!focused || focused.isConnected) return;
    focused = null;
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (isLost) refuges.find((refuge) => refuge.isConnected)?.focus({ preventScroll: true });
  });
  root.addEventListener("focusin", onFocus);
  removals.observe(root, { childList: true, subtree: true });
  return () => {
    root.removeEventListener("focusin", onFocus);
    removals.disconnect();
  };
}

/** Found while they are all there: what disappears may take the nearest of them along. */
function refugesOf(focused: Element | null): HTMLElement[] {
  const found: HTMLElement[] = [];
  let next = focused?.parentElement?.closest<HTMLElement>('[tabindex="-1"]');
  while (next) {
    found.push(next);
    next = next.parentElement?.closest<HTMLElement>('[tabindex="-1"]');
  }
  return found;
}
