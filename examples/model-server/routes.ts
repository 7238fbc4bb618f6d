import { HttpError } from "../common/http-error";
import { allow, type Call, type Handler, type Reply } from "../common/serve";
import { JSON_LENGTH, split } from "./binary";
import type { Model } from "./model";
import { describeModel, formatResponse, parseRequest } from "./protocol";

const MODEL_PATH =
  /^\/v2\/models\/(?<name>[^/]+)(?:\/versions\/(?<version>[^/]+))?(?:\/(?<action>ready|infer))?$/;

/** Serves one model by the Open Inference Protocol v2. */
export function modelServer(model: Model): Handler {
  return async (call) => {
    switch (call.path) {
      case "/v2":
        return get(call, {
          name: "modelfleet-model-server",
          version: model.version,
          extensions: ["binary_tensor_data"],
        });
      case "/v2/health/live":
        return get(call, { live: true });
      case "/v2/health/ready":
        return readiness(call, { ready: !call.draining });
    }
    const { name, version, action } = MODEL_PATH.exec(call.path)?.groups ?? {};
    if (name === undefined) throw new HttpError(404, "no such path; the protocol begins at /v2");
    if (name !== model.name) throw new HttpError(404, `no such model; this server has "${model.name}"`);
    if (version !== undefined && version !== model.version) {
      throw new HttpError(404, `no such version; this server has "${model.version}"`);
    }
    if (action === "ready") return readiness(call, { name, ready: !call.draining });
    if (action === undefined) return get(call, describeModel(model));
    return infer(call, model);
  };
}

async function infer(call: Call, model: Model): Promise<Reply> {
  allow(call, "POST");
  const length = call.headers[JSON_LENGTH.toLowerCase()];
  const body = split(await call.body(), typeof length === "string" ? length : undefined);
  const request = parseRequest(body, model.features.length);
  const prediction = await model.predict(request.data, request.rows);
  const { json, tensors } = formatResponse(model, request, prediction);
  if (tensors === undefined) return { status: 200, body: json };
  const head = Buffer.from(JSON.stringify(json));
  const headers = { [JSON_LENGTH]: String(head.length) };
  return { status: 200, body: Buffer.concat([head, tensors]), headers };
}

function readiness(call: Call, body: { readonly name?: string; readonly ready: boolean }): Reply {
  return { ...get(call, body), status: body.ready ? 200 : 503 };
}

function get(call: Call, body: object): Reply {
  allow(call, "GET", "HEAD");
  return { status: 200, body };
}
