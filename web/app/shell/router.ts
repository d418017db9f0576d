/** What a route table holds: a path and whatever the shell shows for it. */
export interface RoutePath {
  readonly path: string;
}

/** The parts of a click that decide whether it stays in the page. */
export interface LinkClick {
  readonly button: number;
  readonly modified: boolean;
  readonly href: string;
  readonly target: string;
  readonly download: boolean;
}

/** The route of a path, trailing slashes aside; `undefined` where there is none. */
export function matchRoute<T extends RoutePath>(
  routes: readonly T[],
  pathname: string,
): T | undefined {
  const path = pathname.replace(/\/+$/, "") || "/";
  return routes.find((route) => route.path === path);
}

/**
 * Where a clicked link leads inside the page, or `null` where the browser should follow it:
 * another origin, a new tab, a download, or a path that is not in the table (`/docs`).
 */
export function innerTarget(
  routes: readonly RoutePath[],
  click: LinkClick,
  here: string,
): string | null {
  if (click.button !== 0 || click.modified || click.download) return null;
  if (click.target !== "" && click.target !== "_self") return null;
  const url = new URL(click.href, here);
  const current = new URL(here);
  if (url.origin !== current.origin || !matchRoute(routes, url.pathname)) return null;
  // A fragment of this very page is the browser's to scroll to (the skip link).
  if (url.hash !== "" && url.pathname === current.pathname) return null;
  return url.pathname + url.search;
}

/**
 * Follows links and the browser's back and forward within the page.
 * @param onPath gets the new path after each move, not the first one
 * @param signal ends the listening
 */
export function followLinks(
  routes: readonly RoutePath[],
  onPath: (pathname: string) => void,
  signal: AbortSignal,
): void {
  const onClick = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.defaultPrevented) return;
    const target = innerTarget(routes, readClick(event, link), location.href);
    if (target === null) return;
    event.preventDefault();
    if (target !== location.pathname + location.search) history.pushState(null, "", target);
    onPath(location.pathname);
  };
  document.addEventListener("click", onClick, { signal });
  window.addEventListener("popstate", () => onPath(location.pathname), { signal });
}

function readClick(event: MouseEvent, link: HTMLAnchorElement): LinkClick {
  return {
    button: event.button,
    modified: event.metaKey || event.ctrlKey || event.shiftKey || event.altKey,
    href: link.href,
    target: link.target,
    download: link.hasAttribute("download"),
  };
}
