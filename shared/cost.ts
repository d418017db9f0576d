/**
 * What AWS charges, in US dollars, as published in November 2026.
 * @see https://aws.amazon.com/s3/pricing/
 */

/**
 * Transfer Acceleration, a GB into S3 beside everything else: through edges in the United States,
 * Europe and Japan, and through all others. Bytes that were no faster for it are not billed.
 */
const ACCELERATION_USD_PER_GB = { nearEdges: 0.04, otherEdges: 0.08 } as const;

/**
 * The most that a GB costs more by Transfer Acceleration. Which edge a browser reaches is known to AWS
 * alone, and nobody should pay more than was said.
 */
export const MAX_ACCELERATION_USD_PER_GB = Math.max(...Object.values(ACCELERATION_USD_PER_GB));
