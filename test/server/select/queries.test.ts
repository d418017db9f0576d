import { describe, expect, test } from "vitest";
import { askCsv, askJson, failure } from "./ask.ts";

const PEOPLE = "name,age,city\nAnn,31,Bern\nBob,25,Ulm\nCyd,40,Bern\n";
const USE = { csv: { header: "USE" } } as const;

describe("the SELECT list", () => {
  test("* is the record as it is", () => {
    expect(askCsv("SELECT * FROM S3Object", "a,b\nc\n")).toBe("a,b\nc\n");
    expect(askCsv("SELECT s.* FROM S3Object s", "a,b\nc\n")).toBe("a,b\nc\n");
  });

  test("columns come by place, by name, by alias and by path", () => {
    expect(askCsv("SELECT s._2, _1 FROM s3object s", "a,b\n")).toBe("b,a\n");
    expect(askCsv("SELECT s.name, s.CITY FROM S3Object AS s LIMIT 1", PEOPLE, USE)).toBe(
      "Ann,Bern\n",
    );
    expect(askCsv('SELECT s."name" FROM S3Object s LIMIT 1', PEOPLE, USE)).toBe("Ann\n");
    expect(askCsv("SELECT S3Object.name FROM S3Object LIMIT 1", PEOPLE, USE)).toBe("Ann\n");
  });

  test("values are named by alias, by the path's end, or by their place", () => {
    const sql =
      "SELECT s.name, s.age AS years, CAST(s.age AS INT) + 1, s.city c FROM S3Object s LIMIT 1";
    expect(askCsv(sql, PEOPLE, { ...USE, as: "json" })).toBe(
      '{"name":"Ann","years":"31","_3":32,"c":"Bern"}\n',
    );
  });

  test("common words of the dialect may be names", () => {
    const text = '{"timestamp":1,"user":{"date":2,"order":3}}';
    const sql = "SELECT timestamp, s.user.date, s.user.order FROM S3Object s";
    expect(askJson(sql, text)).toBe('{"timestamp":1,"date":2,"order":3}\n');
  });

  test("columns beyond a record's end are NULL", () => {
    expect(askCsv("SELECT _1, _9 FROM S3Object", "a\n")).toBe("a,\n");
    expect(askCsv("SELECT _9 IS NULL AS n FROM S3Object", "a\n")).toBe("true\n");
  });
});

describe("WHERE and LIMIT", () => {
  test("keep what is true, and no more than wanted", () => {
    expect(askCsv("SELECT s.name FROM S3Object s WHERE s.city = 'Bern'", PEOPLE, USE)).toBe(
      "Ann\nCyd\n",
    );
    expect(askCsv("SELECT name FROM S3Object LIMIT 2", PEOPLE, USE)).toBe("Ann\nBob\n");
    expect(askCsv("SELECT name FROM S3Object LIMIT 0", PEOPLE, USE)).toBe("");
    expect(askCsv("SELECT name FROM S3Object WHERE null", PEOPLE, USE)).toBe("");
  });

  test("text of CSV that reads as a number is compared as one", () => {
    expect(askCsv("SELECT name FROM S3Object WHERE age > 30", PEOPLE, USE)).toBe("Ann\nCyd\n");
    expect(askCsv("SELECT name FROM S3Object WHERE age = 25.0", PEOPLE, USE)).toBe("Bob\n");
    expect(askCsv("SELECT name FROM S3Object WHERE name > 3", PEOPLE, USE)).toBe("");
    expect(askCsv("SELECT age * 2 FROM S3Object LIMIT 1", PEOPLE, USE)).toBe("62\n");
  });
});

describe("aggregates", () => {
  const ask = (list: string, where = "") =>
    askCsv(`SELECT ${list} FROM S3Object s ${where}`, PEOPLE, USE).trimEnd();

  test.each([
    ["COUNT(*)", "3"],
    ["COUNT(s.name)", "3"],
    ["SUM(CAST(s.age AS INT))", "96"],
    ["SUM(s.age)", "96"],
    ["AVG(CAST(s.age AS INT))", "32"],
    ["AVG(CAST(s.age AS FLOAT))", "32.0"],
    ["MIN(s.name)", "Ann"],
    ["MAX(CAST(s.age AS INT))", "40"],
    ["MAX(s.age), MIN(s.age)", "40,25"],
    ["SUM(CAST(s.age AS INT)) / COUNT(*) + 1", "33"],
    ["CASE WHEN COUNT(*) > 2 THEN 'many' ELSE 'few' END", "many"],
  ])("%s is %s", (list, answer) => {
    expect(ask(list)).toBe(answer);
  });

  test("of nothing are 0 and NULL", () => {
    const list = "COUNT(*), SUM(s.age), AVG(s.age), MIN(s.age), MAX(s.age)";
    expect(ask(list, "WHERE s.age > 100")).toBe("0,,,,");
  });

  test("pass over what is not there", () => {
    const text = '{"a":1}{"a":null}{}{"a":3}';
    const sql = "SELECT COUNT(*) c, COUNT(a) n, SUM(a) s, AVG(a) m FROM S3Object";
    expect(askJson(sql, text)).toBe('{"c":4,"n":2,"s":4,"m":2}\n');
  });

  test.each([
    ["SELECT SUM(*) FROM S3Object", "ParseUnsupportedCallWithStar 1:8"],
    ["SELECT SUM(_1, _2) FROM S3Object", "ParseNonUnaryAgregateFunctionCall 1:8"],
    ["SELECT COUNT(DISTINCT _1) FROM S3Object", "UnsupportedSyntax 1:14"],
    ["SELECT _1, COUNT(*) FROM S3Object", "UnsupportedSqlStructure 1:8"],
    ["SELECT SUM(COUNT(*)) FROM S3Object", "UnsupportedSqlStructure 1:12"],
    ["SELECT _1 FROM S3Object WHERE COUNT(*) > 1", "UnsupportedSqlStructure 1:31"],
    ["SELECT SUM(_1) FROM S3Object", "IncorrectSqlFunctionArgumentType 1:8"],
  ])("%s fails with %s", (sql, code) => {
    expect(failure(() => askCsv(sql, "a,b\n"))).toBe(code);
  });

  test("overflow is said, not wrapped", () => {
    const sql = "SELECT SUM(a) FROM S3Object";
    const text = '{"a":9223372036854775807}{"a":1}';
    expect(failure(() => askJson(sql, text))).toBe("IntegerOverflow 1:8");
  });
});

describe("what is wrong with a query", () => {
  test.each([
    ["", "ParseUnsupportedSelect 1:1"],
    ["DELETE FROM S3Object", "ParseUnsupportedSelect 1:1"],
    ["SELECT FROM S3Object", "ParseEmptySelect 1:8"],
    ["SELECT *", "ParseSelectMissingFrom 1:9"],
    ["SELECT *, _1 FROM S3Object", "ParseAsteriskIsNotAloneInSelectList 1:8"],
    ["SELECT _1, * FROM S3Object", "ParseAsteriskIsNotAloneInSelectList 1:12"],
    ["SELECT * FROM people", "InvalidDataSource 1:15"],
    ["SELECT * FROM S3Object, S3Object", "MultipleDataSourcesUnsupported 1:23"],
    ["SELECT * FROM S3Object.a", "InvalidKeyPath 1:23"],
    ["SELECT * FROM S3Object AS 1", "InvalidTableAlias 1:27"],
    ["SELECT * FROM S3Object GROUP BY a", "ParseExpectedIdentForGroupName 1:24"],
    ["SELECT * FROM S3Object ORDER BY a", "UnsupportedSqlStructure 1:24"],
    ["SELECT * FROM S3Object JOIN b", "ParseMalformedJoin 1:24"],
    ["SELECT DISTINCT a FROM S3Object", "UnsupportedSyntax 1:8"],
    ["SELECT (SELECT 1 FROM S3Object) FROM S3Object", "UnsupportedSqlStructure 1:8"],
    ["SELECT * FROM S3Object LIMIT -1", "EvaluatorNegativeLimit 1:30"],
    ["SELECT * FROM S3Object LIMIT a", "ParseExpectedNumber 1:30"],
    ["SELECT * FROM S3Object\n WHERE", "ParseExpectedExpression 2:7"],
    ["SELECT * FROM S3Object WHERE a = 1 b", "ParseUnexpectedToken 1:36"],
    ["SELECT a. FROM S3Object", "ParseSelectMissingFrom 1:24"],
    ["SELECT a[b] FROM S3Object", "ParseInvalidPathComponent 1:10"],
    ["SELECT a AS 1 FROM S3Object", "ParseExpectedIdentForAlias 1:13"],
    ["SELECT a FROM S3Object; SELECT", "ParseUnexpectedToken 1:25"],
  ])("%j fails with %s", (sql, code) => {
    expect(failure(() => askJson(sql, "{}"))).toBe(code);
  });

  test("names of columns are looked up before anything is answered", () => {
    const fails = (sql: string, csv: object, text = "a,A\n1,2\n") =>
      failure(() => askCsv(sql, text, { csv }));
    expect(fails("SELECT x FROM S3Object", {})).toBe("InvalidColumnIndex 1:8");
    expect(fails("SELECT _0 FROM S3Object", {})).toBe("InvalidColumnIndex 1:8");
    expect(fails("SELECT x FROM S3Object", { header: "USE" })).toBe("MissingHeaders 1:8");
    expect(fails("SELECT a FROM S3Object", { header: "USE" })).toBe("AmbiguousFieldName 1:8");
    expect(fails('SELECT "A" FROM S3Object', { header: "USE" })).toBe("none");
    expect(fails("SELECT s._1.b FROM S3Object s", {})).toBe("InvalidKeyPath 1:8");
  });

  test("too long, too many, too deep is said and not tried", () => {
    const long = `SELECT ${"a".repeat(300_000)} FROM S3Object`;
    expect(failure(() => askJson(long, "{}"))).toBe("ExpressionTooLong");
    const many = `SELECT ${"1+".repeat(5000)}1 FROM S3Object`;
    expect(failure(() => askJson(many, "{}"))).toMatch(/^MaxOperatorsExceeded/u);
    const deep = `SELECT ${"(".repeat(5000)}1${")".repeat(5000)} FROM S3Object`;
    expect(failure(() => askJson(deep, "{}"))).toMatch(/^MaxOperatorsExceeded/u);
    const most = `SELECT ${"1+".repeat(1999)}1 AS v FROM S3Object`;
    expect(askJson(most, "{}")).toBe('{"v":2000}\n');
    const nots = `SELECT ${"NOT ".repeat(5000)}true FROM S3Object`;
    expect(failure(() => askJson(nots, "{}"))).toMatch(/^MaxOperatorsExceeded/u);
  });
});

describe("CSV", () => {
  const all = "SELECT * FROM S3Object";

  test.each([
    ["without a last delimiter", "a,b\nc,d", {}, "a,b\nc,d\n"],
    ["with returns before line feeds", 'a,b\r\n"c",d\r\n', {}, "a,b\nc,d\n"],
    ["with empty lines", "a\n\n\r\nb\n", {}, "a\nb\n"],
    ["with comments", "#x,y\na\n#z", {}, "a\n"],
    ["without comments", "#x\na\n", { comment: "" }, "#x\na\n"],
    ["with empty fields", ",\na,\n,b", {}, ",\na,\n,b\n"],
    ["with quotes", '"a,b","c""d"\n', {}, '"a,b","c""d"\n'],
    ["with quotes in the middle, which are none", 'a"b,c\n', {}, '"a""b",c\n'],
    ["with another escape", '"a\\"b",c\n', { quoteEscape: "\\" }, '"a""b",c\n'],
    ["with another quote", "'a,b',c\n", { quote: "'" }, '"a,b",c\n'],
    ["with tabs", "a\tb\n", { fieldDelimiter: "\t" }, "a,b\n"],
    [
      "with two characters between records",
      "a,b;|c;,d;|",
      { recordDelimiter: ";|" },
      "a,b\nc;,d\n",
    ],
    [
      "with record delimiters in quotes",
      '"a\nb",c\n',
      { allowsQuotedRecordDelimiter: true },
      '"a\nb",c\n',
    ],
    ["with an ignored header", "x,y\na,b\n", { header: "IGNORE" }, "a,b\n"],
    ["of many columns", `${"a,".repeat(200)}b\n`, {}, `${"a,".repeat(200)}b\n`],
    ["beyond ASCII", "ä,\u{1f600}\n", {}, "ä,\u{1f600}\n"],
    ["with nothing in it", "", {}, ""],
  ] as const)("%s", (_, text, csv, answer) => {
    for (const pieceBytes of [1, 2, 3, 7, Infinity]) {
      expect(askCsv(all, text, { csv, pieceBytes })).toBe(answer);
    }
  });

  test.each([
    ["CSVEscapingRecordDelimiter", '"a\nb"\n'],
    ["CSVUnescapedQuote", '"a'],
    ["CSVUnescapedQuote", '"a"b\n'],
    ["OverMaxRecordSize", "a".repeat(1024 * 1024 + 1)],
  ])("fails with %s", (code, text) => {
    for (const pieceBytes of [65_536, Infinity]) {
      expect(failure(() => askCsv(all, text, { pieceBytes }))).toBe(code);
    }
  });

  test("a record that nobody looks into need not be UTF-8", () => {
    // Fields are decoded when they are wanted.
    expect(askCsv("SELECT COUNT(*) FROM S3Object", "a\n")).toBe("1\n");
  });
});

describe("JSON", () => {
  test("root values may follow one another in any way", () => {
    const sql = "SELECT s.a FROM S3Object s";
    for (const text of ['{"a":1}{"a":2}', '{"a":1}\n{"a":2}\n', ' {"a":1} \r\n\t{ "a" : 2 } ']) {
      for (const pieceBytes of [1, 3, Infinity]) {
        expect(askJson(sql, text, { pieceBytes })).toBe('{"a":1}\n{"a":2}\n');
      }
    }
  });

  test("values keep what they are", () => {
    const text =
      '{"a":12345678901234567890,"b":1.10,"c":"\\u00e4\\n","d":null,"e":[1,{}],"f":true,"g":-1e2}';
    expect(askJson("SELECT * FROM S3Object", text)).toBe(
      '{"a":12345678901234567890,"b":1.1,"c":"ä\\n","d":null,"e":[1,{}],"f":true,"g":-100}\n',
    );
  });

  test("paths lead into structures and lists, and nowhere is MISSING", () => {
    const text = '{"a":{"b":[10,{"c d":20}]},"A":1}';
    const ask = (list: string) => askJson(`SELECT ${list} FROM S3Object s`, text).trimEnd();
    expect(ask("s.a.b[0] AS v")).toBe('{"v":10}');
    expect(ask('s.a.b[1]."c d" AS v')).toBe('{"v":20}');
    expect(ask("s.a.b[1]['c d'] AS v")).toBe('{"v":20}');
    expect(ask("s.a.b[7] AS v")).toBe("{}");
    expect(ask("s.a.x.y AS v")).toBe("{}");
    expect(ask('s."A" AS v')).toBe('{"v":1}');
    expect(ask("s.a.b[*] AS v")).toBe('{"v":[10,{"c d":20}]}');
  });

  test("FROM goes into documents", () => {
    const text = '{"users":[{"name":"Ann"},{"name":"Bob"}],"n":1}';
    expect(askJson("SELECT u.name FROM S3Object[*].users[*] u", text)).toBe(
      '{"name":"Ann"}\n{"name":"Bob"}\n',
    );
    expect(askJson("SELECT users[0].name FROM S3Object[*]", text)).toBe('{"name":"Ann"}\n');
    expect(askJson("SELECT * FROM S3Object[*].users", text)).toBe(
      '{"_1":[{"name":"Ann"},{"name":"Bob"}]}\n',
    );
    expect(askJson("SELECT * FROM S3Object[*].none[*]", text)).toBe("{}\n");
    expect(askJson("SELECT _1 FROM S3Object[*].users[*].name", text)).toBe(
      '{"_1":"Ann"}\n{"_1":"Bob"}\n',
    );
    expect(askJson("SELECT * FROM S3Object[*][*]", '[{"a":1},{"a":2}]')).toBe('{"a":1}\n{"a":2}\n');
  });

  test("CSV has no form for what is nested", () => {
    const fails = () => askJson("SELECT * FROM S3Object", '{"a":[1]}', { as: "csv" });
    expect(failure(fails)).toBe("UnsupportedSqlOperation");
    expect(askJson("SELECT * FROM S3Object", '{"a":1,"b":"x,y"}', { as: "csv" })).toBe('1,"x,y"\n');
  });

  test.each([
    ["JSONParsingError", '{"a":'],
    ["JSONParsingError", '{"a":1,}'],
    ["JSONParsingError", '{"a":01}'],
    ["JSONParsingError", "{a:1}"],
    ["JSONParsingError", '{"a":"\n"}'],
    ["JSONParsingError", "tru"],
    ["JSONParsingError", "]"],
    ["JSONParsingError", `${"[".repeat(10_000)}${"]".repeat(10_000)}`],
    ["OverMaxRecordSize", `"${"a".repeat(1024 * 1024)}"`],
  ])("fails with %s", (code, text) => {
    expect(failure(() => askJson("SELECT * FROM S3Object", text))).toBe(code);
  });
});

describe("the examples of the guide", () => {
  const sales =
    "date,product,quantity,amount\n2024-01-02,Tea,2,150.50\n2024-01-03,Mug,1,80\n2024-01-03,Tea,4,301\n";

  test("sales above an amount", () => {
    const sql = `
      SELECT s.date, s.product, s.quantity, s.amount
      FROM s3object s
      WHERE CAST(s.amount AS FLOAT) > 100`;
    expect(askCsv(sql, sales, USE)).toBe("2024-01-02,Tea,2,150.50\n2024-01-03,Tea,4,301\n");
  });

  test("a price made higher", () => {
    const sql = "SELECT CAST(s.price AS FLOAT) * 1.1 AS adjusted_price FROM s3object s";
    expect(askJson(sql, '{"price":"10"}')).toBe('{"adjusted_price":11.0}\n');
  });

  test("names with a piece in them", () => {
    const sql = "SELECT * FROM s3object s WHERE s.name LIKE '%Smith%'";
    expect(askCsv(sql, "name\nAnn Smithers\nBob\n", USE)).toBe("Ann Smithers\n");
  });
});
