import { HttpProxyAgent, HttpsProxyAgent } from "hpagent";
import { SocksProxyAgent } from "socks-proxy-agent";
import { expect, test } from "vitest";
import { agentOf, proxyFor } from "../../../kubernetes/proxy";

const PROXY = "http://proxy.example:3128";

test.each<[server: string, noProxy: string, proxy: string | undefined]>([
  ["https://a.example", "", PROXY],
  ["https://localhost:6443", "", undefined],
  ["https://127.9.9.9:6443", "", undefined],
  ["https://[::1]:6443", "", undefined],
  ["https://a.example", "*", undefined],
  ["https://a.example", "other.example, EXAMPLE", undefined],
  ["https://a.example", "a.example", undefined],
  ["https://a.example", "a.example:443", undefined],
  ["https://a.example", "a.example:6443", PROXY],
  ["https://a.example", ".a.example", PROXY],
  ["https://k.a.example", ".a.example", undefined],
  ["https://k.a.example", "*.a.example", undefined],
  ["https://ba.example", "a.example", PROXY],
  ["https://10.1.2.3:6443", "10.0.0.0/8", undefined],
  ["https://10.1.2.3:6443", "10.2.0.0/16,10.1.2.3:6443", undefined],
  ["https://11.1.2.3:6443", "10.0.0.0/8", PROXY],
  ["https://[fd00::7]:6443", "fd00::/8", undefined],
  ["https://[fd00::7]:6443", "fd00::7", undefined],
  ["https://[fd00::7]", "10.0.0.0/8,nonsense/8", PROXY],
])("a request to %s with NO_PROXY=%j goes through %s", (server, NO_PROXY, proxy) => {
  expect(proxyFor(new URL(server), { HTTPS_PROXY: PROXY, NO_PROXY })).toBe(proxy);
});

test("HTTP_PROXY is for plain HTTP, names in lower case count too, and a proxy may lack its scheme", () => {
  const http = new URL("http://a.example");
  expect(proxyFor(http, { HTTPS_PROXY: PROXY })).toBeUndefined();
  expect(proxyFor(http, { http_proxy: "proxy.example:3128" })).toBe(PROXY);
  expect(proxyFor(http, { HTTP_PROXY: PROXY, no_proxy: "a.example" })).toBeUndefined();
});

test("each kind of proxy has its agent", async () => {
  const [http, https] = [new URL("http://a.example"), new URL("https://a.example")];
  expect(await agentOf(http, PROXY, {})).toBeInstanceOf(HttpProxyAgent);
  expect(await agentOf(https, PROXY, {})).toBeInstanceOf(HttpsProxyAgent);
  expect(await agentOf(https, "socks5://p", {})).toBeInstanceOf(SocksProxyAgent);
});
