/** Whether an S3 endpoint (a URL; `null` where none is configured) is AWS itself. */
export function isAwsEndpoint(endpoint: string | null): boolean {
  return endpoint === null || /\.amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname);
}
