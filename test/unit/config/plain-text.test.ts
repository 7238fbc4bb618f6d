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
    ["API_TOKEN", 1234567890],
    ["API_TOKEN", "hunter2"],
    ["APIKEY", "hunter2"],
    ["AWS_SECRET_ACCESS_KEY", "/abc+/def="],
    ["MODEL", SK],
    ["DATABASE_URL", "postgres://user:hunter2@db/models"],
    ["DATABASE_URL", "postgres://:hunter2@db/models"],
    ["API_KEYS", "a,b"],
    ["apiKey", "hunter2"],
    ["AWS_SECRET_ACCESS_KEY", "/abcDEF123"],
    ["KEY", "hunter2"],
    ["PEM", "-----BEGIN RSA PRIVATE KEY-----\nabc"],
    ["OTHER", `AKIA${"A".repeat(16)}`],
  ])("is refused as a secret, and not shown: %s=%s", (name, value) => {
    const [line, ...more] = inModel({ env: { [name]: value } });
    expect(line).toContain(`catalog.iris.env.${name}: `);
    expect(line).toContain(
      `must not be in plain text; remove it and run \`pulumi config set --secret --path 'secrets.iris.${name}'\``,
    );
    expect(line).not.toContain(String(value));
    expect(more).toEqual([]);
  });

  test.each([
    ["EOS_TOKEN", "</s>"],
    ["PAD_TOKEN", "[PAD]"],
    ["PAD_TOKEN", "pad"],
    ["SOME_TOKEN", "<|start|>"],
    ["MAX_TOKENS", 512],
    ["MAX_NUM_BATCHED_TOKEN", 16384],
    ["TOKENIZERS_PARALLELISM", false],
    ["GOOGLE_APPLICATION_CREDENTIALS", "/var/secrets/key.json"],
    ["SSL_KEY", "/certs/tls.key"],
    ["SSL_KEY", "/tls.key"],
    ["SSH_KEY", "~/.ssh/id"],
    ["PUBLIC_KEY", "abc"],
    ["USE_AUTH_TOKEN", true],
    ["DATABASE_URL", "postgres://user@db/models"],
    ["MONKEY", "x"],
    ["PWD", "here"],
  ])("is no secret: %s=%s", (name, value) => {
    expect(inModel({ env: { [name]: value } })).toEqual([]);
  });

  test("is refused in arguments: behind a flag, beside one, or by its text", () => {
    const args = ["--api-key=abc", "--password", "hunter2", SK, "--eos-token", "</s>", "TOKEN=abc"];
    expect(inModel({ args })).toEqual([
      expect.stringMatching(/^catalog\.iris\.args\[0\]: the name "--api-key" looks like a secret/),
      expect.stringMatching(/^catalog\.iris\.args\[2\]: the name "--password" looks like a secret/),
      expect.stringMatching(/^catalog\.iris\.args\[3\]: holds a key/),
      expect.stringMatching(/^catalog\.iris\.args\[6\]: the name "TOKEN" looks like a secret/),
    ]);
  });

  test("is refused in a line for a shell, where its variables are references too", () => {
    const bad = ["-c", 'API_KEY=hunter2 serve --password "hunter2" --port 1'];
    expect(inModel({ args: bad })).toEqual([
      expect.stringMatching(/^catalog\.iris\.args\[1\]: the name "API_KEY" looks like a secret/),
      expect.stringMatching(/^catalog\.iris\.args\[1\]: the name "--password" looks like a secret/),
    ]);
    expect(inModel({ args: bad, plain: ["API_KEY", "--password"] })).toEqual([]);
    expect(inModel({ args: ["-c", 'serve --api-key="$KEY" --password ${PASSWORD}'] })).toEqual([]);
  });

  test("is refused in a command, whose last flag may have its value in the arguments", () => {
    expect(inModel({ command: ["serve", "--api-key"], args: ["hunter2", "--token=abc"] })).toEqual([
      expect.stringMatching(/^catalog\.iris\.args\[0\]: the name "--api-key" looks like a secret/),
      expect.stringMatching(/^catalog\.iris\.args\[1\]: the name "--token" looks like a secret/),
    ]);
  });

  test("is not what names a key of an object", () => {
    expect(inModel({ env: { API_KEY: { secretKeyRef: { name: "hub", key: "API_KEY" } } } })).toEqual([]);
  });

  test("in an argument is named with the way that works, which is accepted", () => {
    expect(inModel({ args: ["--api-key=hunter2"] })).toEqual([
      'catalog.iris.args[0]: the name "--api-key" looks like a secret, which must not be in plain text; write $(API_KEY) for it and run `pulumi config set --secret --path \'secrets.iris.API_KEY\'`, or, if it is no secret, add "--api-key" to catalog.iris.plain',
    ]);
    const settings = {
      catalog: { iris: { args: ["--api-key=$(API_KEY)"], env: { URL: "postgres://user:$(API_KEY)@db" } } },
      secrets: { iris: { API_KEY: "x" } },
    };
    expect(problems(withImage(settings))).toEqual([]);
  });

  test("is refused by its text in every other setting", () => {
    const settings = {
      ...withImage({ routing: { url: "https://user:hunter2@models.example" } }),
      ingress: { annotations: { "example.com/key": SK } },
      catalog: {
        iris: { readiness: { path: `/health?key=${SK}` }, annotations: { "example.com/token": "x" } },
      },
    };
    expect(problems(settings)).toEqual([
      "routing.url: has a password, which must not be in plain text; remove it",
      'ingress.annotations["example.com/key"]: holds a key, which must not be in plain text; remove it',
      'catalog.iris.readiness.path: holds a key, which must not be in plain text; remove it, or, if it is no secret, add "path" to catalog.iris.plain',
    ]);
  });

  test.each<[string, Record<string, unknown>]>([
    ["a map instead of a string", { env: { API_KEY: { value: "hunter2" } } }],
    ["a list instead of a string", { env: { API_KEY: ["hunter2"] } }],
    ["a string instead of a map", { env: "API_KEY=hunter2" }],
    ["a string instead of a list", { args: "--api-key hunter2" }],
    ["an image with a password", { image: "https://user:hunter2@registry.example/x" }],
  ])("is not shown by a message on its type: %s", (_what, settings) => {
    const found = inModel(settings);
    expect(found.length).toBeGreaterThan(0);
    expect(found.join()).not.toContain("hunter2");
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
