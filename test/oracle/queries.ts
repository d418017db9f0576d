import fc from "fast-check";
import type { Expression, Operator, Query, Type } from "./expression.ts";
import { leavesOf } from "./leaves.ts";
import { AGGREGATES, COMPARISONS, OPERATORS, STRICT_OPERATORS } from "./operators.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Operators within operators. */
const MOST_DEEP = 4;

const SHOWN = ["int", "dec", "float", "ratio", "text", "bool"] as const;

type Expressions = Readonly<Record<Type, fc.Arbitrary<Expression>>>;

/** Expressions of every type over some columns. */
function expressionsOver({ columns, operators }: Vocabulary): Expressions {
  const all = [...OPERATORS, ...operators];
  return fc.letrec<Record<Type, Expression>>((tie) => {
    const of = (type: Exclude<Type, "ratio">) =>
      nested(
        leavesOf(type, columns).map((words) => ({ kind: "leaf", words })),
        callsThatGive(type, all, tie),
      );
    return {
      int: of("int"),
      small: of("small"),
      length: of("length"),
      big: of("big"),
      dec: of("dec"),
      float: of("float"),
      text: of("text"),
      raw: of("raw"),
      pattern: of("pattern"),
      bool: of("bool"),
      time: of("time"),
      ratio: fc.oneof(...callsThatGive("ratio", all, tie)),
    };
  });
}

type Tie = (type: Type) => fc.Arbitrary<Expression>;

function nested(
  leaf: fc.Arbitrary<Expression>,
  calls: readonly fc.Arbitrary<Expression>[],
): fc.Arbitrary<Expression> {
  if (calls.length === 0) return leaf;
  return fc.oneof(
    { maxDepth: MOST_DEEP, depthIdentifier: "expression", withCrossShrink: true },
    { weight: 1, arbitrary: leaf },
    { weight: 2, arbitrary: fc.oneof(...calls) },
  );
}

function callsThatGive(
  type: Type,
  operators: readonly Operator[],
  tie: Tie,
): fc.Arbitrary<Expression>[] {
  return operators.filter(({ gives }) => gives === type).map((each) => callOf(each, tie));
}

function callOf(operator: Operator, tie: Tie): fc.Arbitrary<Expression> {
  return fc
    .tuple(...operator.takes.map((type) => tie(type)))
    .map((args) => ({ kind: "call", operator, args }));
}

type Item = NonNullable<Query["items"]>[number];

/** Queries over a vocabulary: plain ones, rows and totals of whatever, and single operators that may fail. */
export function queriesOver(vocabulary: Vocabulary): fc.Arbitrary<Query> {
  const expressions = expressionsOver(vocabulary);
  const of: Tie = (type) => expressions[type];
  const leaf: Tie = (type) => leafOf(type, vocabulary);
  const where = fc.option(expressions.bool);
  const plainWhere = fc.option(plainCondition(vocabulary, leaf), { freq: 4 });
  const limit = fc.option(fc.integer({ min: 0, max: 30 }), { freq: 3 });
  const none = fc.constant(null);
  const plainItems = itemsOf(
    SHOWN.filter((type) => type !== "ratio").map((type) => [type, leaf(type)]),
  );
  const items = itemsOf(SHOWN.map((type) => [type, of(type)]));
  const aggregates = [...AGGREGATES, ...vocabulary.aggregates];
  const strict = [...STRICT_OPERATORS, ...vocabulary.strict];
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ items: plainItems, where: plainWhere, limit }) },
    {
      weight: 3,
      arbitrary: fc.record({ items: callsOf(aggregates, leaf), where: plainWhere, limit: none }),
    },
    { weight: 5, arbitrary: fc.record({ items: fc.option(items, { freq: 12 }), where, limit }) },
    { weight: 2, arbitrary: fc.record({ items: callsOf(aggregates, of), where, limit: none }) },
    {
      weight: 1,
      arbitrary: fc.record({ items: callsOf(strict, leaf, 1), where: none, limit: none }),
    },
  );
}

function itemsOf(
  choices: readonly (readonly [Type, fc.Arbitrary<Expression>])[],
): fc.Arbitrary<Item[]> {
  const shown = choices.map(([type, each]) => each.map((expression) => ({ type, expression })));
  return fc.array(fc.oneof(...shown), { minLength: 1, maxLength: 3 });
}

function callsOf(operators: readonly Operator[], tie: Tie, maxLength = 4): fc.Arbitrary<Item[]> {
  const calls = operators.map((operator) =>
    callOf(operator, tie).map((expression) => ({ type: operator.gives, expression })),
  );
  return fc.array(fc.oneof(...calls), { minLength: 1, maxLength });
}

/** Comparisons of columns and literals that are all to be true: engines have ways of their own for these. */
function plainCondition({ operators }: Vocabulary, leaf: Tie): fc.Arbitrary<Expression> {
  const names = [...COMPARISONS, "BETWEEN"];
  const comparisons = [...OPERATORS, ...operators].filter(
    ({ name, gives }) => gives === "bool" && names.includes(name),
  );
  const and = OPERATORS.find(({ name, takes }) => name === "AND" && takes.length === 2);
  if (and === undefined) throw new Error("There is no AND");
  const one = fc.oneof(...comparisons.map((each) => callOf(each, leaf)));
  return fc
    .array(one, { minLength: 1, maxLength: 3 })
    .map((all) =>
      all.reduce((left, right) => ({ kind: "call", operator: and, args: [left, right] })),
    );
}

function leafOf(type: Type, { columns }: Vocabulary): fc.Arbitrary<Expression> {
  if (type === "ratio") throw new Error("No leaf is a ratio");
  return leavesOf(type, columns).map((words) => ({ kind: "leaf", words }));
}
