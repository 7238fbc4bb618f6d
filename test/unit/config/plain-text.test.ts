import { describe, expect, test } from "vitest";
import { modelOf, problems, withImage } from "../../support/settings";

const SK = `sk-${"a1".repeat(12)}`;
const inModel = (settings: Record<string, unknown>) => problems(withImage({ catalog: { iris: settings } }));

describe("a value in plain text", () => {
  test.each([
    ["OPENAI_KEY", "abc"],
    ["PGPASSWORD", "hunter2"],
    ["DB_PASS", "hunter2"],
    ["DB_PASS", 123456],
    ["API_TOKEN", "hunter2"],
    ["APIKEY", "hunter2"],
    ["AWS_SECRET_ACCESS_KEY", "/abc+/def="],
    ["MODEL", SK],
    ["DATABASE_URL", "postgres://user:hunter2@db/models"],
    ["DATABASE_URL", "postgres://:hunter2@db/models"],
    ["PEM", "-----BEGIN RSA PRIVATE KEY-----\nabc"],
    ["OTHER", `AKIA${"A".repeat(16)}`],
  ])("is refused as a secret, and not shown: %s=%s", (name, value) => {
    const [line, ...more] = inModel({ env: { [name]: value } });
    expect(line).toContain(`catalog.iris.env.${name}: `);
    expect(line).toContain("must not be in plain text; set it with `pulumi config set --secret --path");
    expect(line).not.toContain(String(value));
    expect(more).toEqual([]);
  });

  test.each([
    ["EOS_TOKEN", "</s>"],
    ["PAD_TOKEN", "[PAD]"],
    ["MAX_TOKENS", 512],
    ["TOKENIZERS_PARALLELISM", false],
    ["GOOGLE_APPLICATION_CREDENTIALS", "/var/secrets/key.json"],
    ["SSL_KEY", "/certs/tls.key"],
    ["PUBLIC_KEY", "abc"],
    ["USE_AUTH_TOKEN", true],
    ["DATABASE_URL", "postgres://user@db/models"],
    ["MONKEY", "x"],
    ["PWD", "here"],
  ])("is no secret: %s=%s", (name, value) => {
    expect(inModel({ env: { [name]: value } })).toEqual([]);
  });

  test("is refused in arguments: behind a flag, beside one, or by its text", () => {
    expect(inModel({ args: ["--api-key=abc", "--password", "hunter2", SK, "--eos-token", "</s>"] })).toEqual([
      expect.stringMatching(/^catalog\.iris\.args\[0\]: the name "--api-key" looks like a secret/),
      expect.stringMatching(/^catalog\.iris\.args\[2\]: the name "--password" looks like a secret/),
      expect.stringMatching(/^catalog\.iris\.args\[3\]: holds a key/),
    ]);
  });

  test("in an argument is named with the way that works, which is accepted", () => {
    const [line] = inModel({ args: [`--api-key=${SK}`] });
    expect(line).toContain(
      'and write `$(<NAME>)` here, or, if it is no secret, list "--api-key" in catalog.iris.plain',
    );
    const settings = {
      catalog: { iris: { args: ["--api-key=$(API_KEY)"], env: { URL: "postgres://user:$(API_KEY)@db" } } },
      secrets: { iris: { API_KEY: "x" } },
    };
    expect(problems(withImage(settings))).toEqual([]);
  });

  test("is refused in annotations by its text", () => {
    expect(
      inModel({ annotations: { "example.com/token": "x", "example.com/url": `https://a:b@c` } }),
    ).toEqual([
      'catalog.iris.annotations["example.com/url"]: has a password, which must not be in plain text; remove it',
    ]);
  });

  test("is accepted if plain has its name, of the model or of all", () => {
    const env = { SORT_KEY: "price", CACHE_KEY: "id" };
    expect(inModel({ env, plain: ["SORT_KEY", "CACHE_KEY"] })).toEqual([]);
    const defaults = { image: "a/b:1", plain: ["SORT_KEY"] };
    expect(problems({ models: "iris", defaults, catalog: { iris: { env, plain: ["CACHE_KEY"] } } })).toEqual(
      [],
    );
    expect(modelOf({ env, plain: ["SORT_KEY", "CACHE_KEY"] }).env).toEqual(env);
  });

  test("is refused once, where it is set, of models that are not active too", () => {
    const settings = {
      models: "iris,wine",
      defaults: { image: "a/b:1", env: { API_KEY: "x" } },
      catalog: { other: { env: { API_KEY: "y" } } },
    };
    expect(problems(settings)).toEqual([
      expect.stringMatching(/^defaults\.env\.API_KEY: /),
      expect.stringMatching(/^catalog\.other\.env\.API_KEY: /),
    ]);
  });

  test("cannot be freed by a name that nothing has", () => {
    expect(inModel({ env: { SORT_KEYS: "a" }, plain: ["SORT_KEY"] })).toEqual([
      'catalog.iris.plain[0]: "SORT_KEY" is no variable in env and no flag in args; did you mean "SORT_KEYS"?',
    ]);
  });
});
