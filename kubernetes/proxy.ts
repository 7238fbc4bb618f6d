import { Agent as PlainAgent } from "node:http";
import { Agent, type AgentOptions } from "node:https";
import { BlockList, isIP, isIPv6 } from "node:net";
import type { Environment } from "./kubeconfig";

/** The agent of requests to a server, which go through a proxy if there is one. */
export async function agentOf(
  server: URL,
  proxy: string | undefined,
  tls: AgentOptions,
): Promise<PlainAgent> {
  const isSecure = server.protocol === "https:";
  if (proxy === undefined) return isSecure ? new Agent(tls) : new PlainAgent();
  // Imported only here, since most clusters have no proxy.
  if (/^socks5h?:/.test(proxy)) {
    const { SocksProxyAgent } = await import("socks-proxy-agent");
    // With "socks5h", the proxy looks the server's name up, as it does for client-go.
    return new SocksProxyAgent(proxy.replace("socks5:", "socks5h:"), tls);
  }
  const { HttpProxyAgent, HttpsProxyAgent } = await import("hpagent");
  return isSecure ? new HttpsProxyAgent({ ...tls, proxy }) : new HttpProxyAgent({ proxy });
}

/**
 * The proxy that HTTPS_PROXY or HTTP_PROXY names for a server, as Go programs take it: none for this machine, nor for
 * what NO_PROXY lists (names with their subdomains, addresses, ranges of them, each with a port or without).
 *
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export function proxyFor(server: URL, environment: Environment): string | undefined {
  const upper = server.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const proxy = environment[upper] || environment[upper.toLowerCase()];
  const host = server.hostname.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  if (!proxy || host === "localhost" || isIn(host, ["127.0.0.0/8", "::1/128"])) return undefined;
  const port = server.port || (server.protocol === "https:" ? "443" : "80");
  const excluded = (environment["NO_PROXY"] || environment["no_proxy"] || "").toLowerCase().split(",");
  if (excluded.some((entry) => isExcluded(host, port, entry.trim()))) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

function isExcluded(host: string, port: string, entry: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return isIn(host, [entry]);
  const [, name = "", only = port] =
    /^\[?(.*?)\]?(?::(\d+))?$/.exec(isIPv6(entry) ? `[${entry}]` : entry) ?? [];
  if (name === "" || only !== port) return false;
  const domain = name.replace(/^\*?\./, "");
  return host.endsWith(`.${domain}`) || (host === domain && domain === name);
}

/** Whether an address is in one of the ranges; never for a name. */
function isIn(host: string, ranges: readonly string[]): boolean {
  const family = isIPv6(host) ? "ipv6" : "ipv4";
  return (
    isIP(host) !== 0 &&
    ranges.some((range) => {
      const [address = "", bits = ""] = range.split("/");
      if (isIP(address) === 0 || isIPv6(address) !== isIPv6(host)) return false;
      const list = new BlockList();
      list.addSubnet(address, Number(bits), family);
      return list.check(host, family);
    })
  );
}
