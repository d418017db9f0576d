/**
 * Catches the focus when the focused element disappears because its state did: it goes to the
 * nearest ancestor with `tabindex="-1"` instead of the top of the page. For `{@attach}`.
 */
export function keepFocus(root: HTMLElement): () => void {
  let focused: Element | null = null;
  let refuge: HTMLElement | null = null;
  const onFocus = (event: FocusEvent) => {
    focused = event.target instanceof Element ? event.target : null;
    refuge = focused?.parentElement?.closest<HTMLElement>('[tabindex="-1"]') ?? null;
  };
  const removals = new MutationObserver(() => {
    if (!focused || focused.isConnected) return;
    focused = null;
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (isLost) refuge?.focus({ preventScroll: true });
  });
  root.addEventListener("focusin", onFocus);
  removals.observe(root, { childList: true, subtree: true });
  return () => {
    root.removeEventListener("focusin", onFocus);
    removals.disconnect();
  };
}
