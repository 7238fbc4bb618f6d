import type { Check } from "../finding";

/** With one of these annotations, cert-manager makes the Secret. @see https://cert-manager.io/docs/usage/ingress/ */
const CERT_MANAGER = "cert-manager.io/";

/** Warns of a certificate that is not there: the ingress controller would serve one of its own, which no client trusts. */
export const missingCertificate: Check = ({ namespace, routing: { tls }, ingress }, { objects }) => {
  const secrets = objects.get("secret");
  const name = tls?.secretName;
  if (name === undefined || secrets === undefined) return [];
  const isMade = Object.keys(ingress.annotations ?? {}).some((key) => key.startsWith(CERT_MANAGER));
  if (isMade || secrets.some(({ metadata }) => metadata.name === name)) return [];
  const text =
    `routing.tls.secretName: there is no Secret "${name}" in namespace "${namespace}", so the ingress controller serves a certificate of its own; ` +
    `make it: \`kubectl create secret tls ${name} --namespace ${namespace} --cert <file> --key <file>\``;
  return [{ level: "warning", text }];
};
