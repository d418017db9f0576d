import { expect, test } from "vitest";
import { isAwsEndpoint } from "../../shared/aws-endpoint.ts";

test.each([
  [null, true],
  ["https://s3.eu-central-1.amazonaws.com", true],
  ["https://s3.cn-north-1.amazonaws.com.cn", true],
  ["https://amazonaws.com.example.net", false],
  ["https://notamazonaws.com", false],
  ["http://127.0.0.1:9000", false],
])("%s is AWS itself: %s", (endpoint, expected) => {
  expect(isAwsEndpoint(endpoint)).toBe(expected);
});
