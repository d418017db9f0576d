import fc from "fast-check";
import type { Expression, Operator, Query, Type } from "./expression.ts";
import { leavesOf, type Columns } from "./leaves.ts";
import { AGGREGATES, OPERATORS, STRICT_OPERATORS } from "./operators.ts";

/** Operators within operators. */
const MOST_DEEP = 4;

const SHOWN = ["int", "dec", "float", "ratio", "text", "bool"] as const;

type Expressions = Readonly<Record<Type, fc.Arbitrary<Expression>>>;

/** Expressions of every type over some columns. */
function expressionsOver(columns: Columns): Expressions {
  return fc.letrec<Record<Type, Expression>>((tie) => {
    const of = (type: Exclude<Type, "ratio">) =>
      nested(
        type,
        leavesOf(type, columns).map((words) => ({ kind: "leaf", words })),
        tie,
      );
    return {
      int: of("int"),
      small: of("small"),
      length: of("length"),
      big: of("big"),
      dec: of("dec"),
      float: of("float"),
      text: of("text"),
      pattern: of("pattern"),
      bool: of("bool"),
      time: of("time"),
      ratio: fc.oneof(...callsThatGive("ratio", tie)),
    };
  });
}

type Tie = (type: Type) => fc.Arbitrary<Expression>;

function nested(type: Type, leaf: fc.Arbitrary<Expression>, tie: Tie): fc.Arbitrary<Expression> {
  const calls = callsThatGive(type, tie);
  if (calls.length === 0) return leaf;
  const deep = fc.oneof(...calls);
  return fc.oneof(
    { maxDepth: MOST_DEEP, depthIdentifier: "expression", withCrossShrink: true },
    { weight: 1, arbitrary: leaf },
    { weight: 2, arbitrary: deep },
  );
}

function callsThatGive(type: Type, tie: Tie): fc.Arbitrary<Expression>[] {
  return OPERATORS.filter(({ gives }) => gives === type).map((each) => callOf(each, tie));
}

function callOf(operator: Operator, tie: Tie): fc.Arbitrary<Expression> {
  return fc
    .tuple(...operator.takes.map((type) => tie(type)))
    .map((args) => ({ kind: "call", operator, args }));
}

/** Queries over some columns: rows, totals, and single operators that may fail. */
export function queriesOver(
  columns: Columns,
  moreAggregates: readonly Operator[],
): fc.Arbitrary<Query> {
  const expressions = expressionsOver(columns);
  const where = fc.option(expressions.bool);
  const limit = fc.option(fc.integer({ min: 0, max: 30 }), { freq: 3 });
  const shown = SHOWN.map((type) => expressions[type].map((expression) => ({ type, expression })));
  const rows = fc.record({
    items: fc.option(fc.array(fc.oneof(...shown), { minLength: 1, maxLength: 3 }), { freq: 12 }),
    where,
    limit,
  });
  const itemOf = (operator: Operator, tie: Tie) =>
    callOf(operator, tie).map((expression) => ({ type: operator.gives, expression }));
  const totals = [...AGGREGATES, ...moreAggregates].map((each) =>
    itemOf(each, (type) => expressions[type]),
  );
  const leaves = STRICT_OPERATORS.map((each) => itemOf(each, (type) => leafOf(type, columns)));
  return fc.oneof(
    { weight: 5, arbitrary: rows },
    {
      weight: 3,
      arbitrary: fc.record({
        items: fc.array(fc.oneof(...totals), { minLength: 1, maxLength: 4 }),
        where,
        limit: fc.constant(null),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        items: fc.tuple(fc.oneof(...leaves)),
        where: fc.constant(null),
        limit: fc.constant(null),
      }),
    },
  );
}

function leafOf(type: Type, columns: Columns): fc.Arbitrary<Expression> {
  if (type === "ratio") throw new Error("No leaf is a ratio");
  return leavesOf(type, columns).map((words) => ({ kind: "leaf", words }));
}
