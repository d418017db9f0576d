const usd = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });

/** A price in US dollars for people: `$0.04`, `$1,204.50`; below half a cent `less than $0.01`. */
export function formatUsd(amount: number): string {
  return amount < 0.005 ? "less than $0.01" : usd.format(amount);
}

const tiny = new Intl.NumberFormat("en-US", {
  style: "currency",
  currency: "USD",
  minimumFractionDigits: 2,
  maximumSignificantDigits: 2,
});

/** A price of which a thousandth of a cent matters: `$1.20`, `$0.021`, `$0.0000004`. */
export function formatTinyUsd(amount: number): string {
  return amount >= 0.1 ? usd.format(amount) : tiny.format(amount);
}
