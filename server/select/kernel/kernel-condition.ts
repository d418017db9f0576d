import type { Expression } from "../sql/syntax.ts";
import { comparisonTest, testOf, type KernelTest, type TestSetting } from "./kernel-tests.ts";

/** A step of a condition: the place of a test, or what joins the results before it. */
export type KernelStep = number | "AND" | "OR" | "NOT";

/** What of a condition the kernel asks. */
export interface KernelCondition {
  readonly tests: readonly KernelTest[];
  /** How their results are joined; empty where by AND, in their order. */
  readonly steps: readonly KernelStep[];
  /** They say all that the condition says. */
  readonly areAll: boolean;
}

/** So many results may wait for each other. */
const MOST_WAITING = 30;

/** What of a condition can be asked by tests. */
export function conditionOf(where: Expression | null, setting: TestSetting): KernelCondition {
  const joined = where === null ? [] : operandsOf(where);
  const tests: KernelTest[] = [];
  // AND asks its operands from left to right, and what fails behind one that says no does not fail: so no test may
  // stand before what is left to others.
  for (const operand of joined) {
    const found = testsFor(operand, setting);
    if (found === null) break;
    tests.push(...found);
  }
  if (joined.every((operand) => testsFor(operand, setting) !== null)) {
    return { tests, steps: [], areAll: true };
  }
  const steps: KernelStep[] = [];
  const all: KernelTest[] = [];
  return where !== null && addSteps(where, setting, all, steps, 1)
    ? { tests: all, steps, areAll: true }
    : { tests, steps: [], areAll: false };
}

/** What all has to be true. */
function operandsOf(expression: Expression): readonly Expression[] {
  return expression.kind === "logic" && expression.operator === "AND"
    ? expression.operands.flatMap(operandsOf)
    : [expression];
}

/** Tests that are true together where the expression is; null where there are none. */
function testsFor(expression: Expression, setting: TestSetting): readonly KernelTest[] | null {
  if (expression.kind === "between") {
    const { operand: left, low, high } = expression;
    const above = comparisonTest({ operator: ">=", left, right: low }, setting);
    const below = comparisonTest({ operator: "<=", left, right: high }, setting);
    return above && below && [above, below];
  }
  const test = testOf(expression, setting);
  return test && [test];
}

/** Adds what an expression asks and how it is joined; answers whether all of it can be asked. */
function addSteps(
  expression: Expression,
  setting: TestSetting,
  tests: KernelTest[],
  steps: KernelStep[],
  waiting: number,
): boolean {
  if (waiting > MOST_WAITING) return false;
  const addAll = (parts: readonly Expression[], join: "AND" | "OR"): boolean =>
    parts.every((part, index) => {
      const isAdded = addSteps(part, setting, tests, steps, waiting + Math.min(index, 1));
      if (index > 0) steps.push(join);
      return isAdded;
    });
  switch (expression.kind) {
    case "logic":
      return addAll(expression.operands, expression.operator);
    case "not": {
      const isAdded = addSteps(expression.operand, setting, tests, steps, waiting);
      steps.push("NOT");
      return isAdded;
    }
    case "in": {
      const { operand: left, list, position } = expression;
      const items = list.kind === "list" ? list.items : [list];
      const equals = items.map(
        (right) => ({ kind: "compare", operator: "=", left, right, position }) as const,
      );
      return equals.length > 0 && addAll(equals, "OR");
    }
    default: {
      const found = testsFor(expression, setting);
      for (const [index, test] of found?.entries() ?? []) {
        steps.push(tests.length);
        tests.push(test);
        if (index > 0) steps.push("AND");
      }
      return found !== null;
    }
  }
}
