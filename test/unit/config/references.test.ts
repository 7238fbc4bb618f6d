import { expect, test } from "vitest";
import { problems, withImage } from "../../support/settings";

const inModel = (settings: Record<string, unknown>, secrets: Record<string, unknown> = {}) =>
  problems(withImage({ catalog: { iris: settings }, secrets }));

test("a reference to no variable is a problem, with the nearest one", () => {
  expect(inModel({ env: { HOST: "a", URL: "http://$(HOTS)" }, args: ["--port=$(PRT)", "$(date)"] })).toEqual([
    'catalog.iris.env.URL: refers to $(HOTS), and there is no such variable; did you mean "HOST"? To keep the text, write $$(HOTS)',
    'catalog.iris.args[0]: refers to $(PRT), and there is no such variable; did you mean "PORT"? To keep the text, write $$(PRT)',
    "catalog.iris.args[1]: refers to $(date), and there is no such variable; set it in env or secrets. To keep the text, write $$(date)",
  ]);
});

test("variables that refer to one another in a circle are a problem", () => {
  expect(inModel({ env: { A: "$(B)", B: "$(A)" } })).toEqual([
    "catalog.iris.env.A: refers to itself (A -> B -> A); give one of these variables a text of its own",
  ]);
});

test("references to variables, to the program's own ones and to secrets are correct", () => {
  const env = { URL: "http://$(HOST):$(PORT)/$(MODEL_NAME)?$$(x)", HOST: "a" };
  const secrets = { iris: { API_KEY: "x" }, defaults: { SHARED_KEY: "y" } };
  expect(inModel({ env, args: ["--key=$(API_KEY)", "--shared=$(SHARED_KEY)"] }, secrets)).toEqual([]);
});
