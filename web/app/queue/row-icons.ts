import ArrowUp from "@lucide/svelte/icons/arrow-up";
import Ban from "@lucide/svelte/icons/ban";
import ChevronDown from "@lucide/svelte/icons/chevron-down";
import CircleAlert from "@lucide/svelte/icons/circle-alert";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CircleDashed from "@lucide/svelte/icons/circle-dashed";
import CirclePause from "@lucide/svelte/icons/circle-pause";
import Combine from "@lucide/svelte/icons/combine";
import ExternalLink from "@lucide/svelte/icons/external-link";
import FileSearch from "@lucide/svelte/icons/file-search";
import Hourglass from "@lucide/svelte/icons/hourglass";
import Pause from "@lucide/svelte/icons/pause";
import Play from "@lucide/svelte/icons/play";
import RotateCw from "@lucide/svelte/icons/rotate-cw";
import WifiOff from "@lucide/svelte/icons/wifi-off";
import X from "@lucide/svelte/icons/x";

/** The icons of the rows, each drawn once on the page and used by its name in every row. */
export const ROW_ICONS = {
  ban: Ban,
  "chevron-down": ChevronDown,
  "circle-alert": CircleAlert,
  "circle-check": CircleCheck,
  "circle-dashed": CircleDashed,
  "circle-pause": CirclePause,
  "arrow-up": ArrowUp,
  combine: Combine,
  "external-link": ExternalLink,
  "file-search": FileSearch,
  hourglass: Hourglass,
  pause: Pause,
  play: Play,
  "rotate-cw": RotateCw,
  "wifi-off": WifiOff,
  x: X,
} as const;

/** One of them. */
export type RowIconName = keyof typeof ROW_ICONS;

/** Outlined bars read badly at the size of a row's buttons. */
export const SOLID_ICONS: ReadonlySet<string> = new Set<RowIconName>(["pause", "play"]);
