import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Variant } from "../config/resolve";
import { TMP_PATH } from "../config/settings/volumes";
import { artefactVariables } from "../fleet/artefact";
import { modelNames, modelTitle, variantTitle } from "../fleet/names";
import type { Announcement } from "../fleet/objects";
import { AUTOSCALED, PROTECTED, variantLabels } from "../fleet/owner";
import { autoscaledText } from "./companions/autoscaler";
import type { VariantArgs } from "./companions/companion";
import { companionsOf, createCompanions } from "./companions/companions";
import { metadata } from "./metadata";
import { deploymentSpec } from "./pod/deployment";
import { rolloutTimeouts } from "./pod/parts/rollout";
import { protocolAnnotations, serviceSpec } from "./pod/service";
import type { Backend } from "./routing/route";
import { createVersionedSecret, versionedSecretObjects } from "./versioned-secret";

/** What of a variant its model needs. */
export interface CreatedVariant {
  readonly backend: Backend;
  readonly serviceName: pulumi.Output<string>;
  /** Name of the Secret version with the secret environment; undefined if there is none. */
  readonly secretName: pulumi.Output<string> | undefined;
}

/** Announces the objects of {@link createVariant}. */
export function variantObjects(id: string, settings: Variant<unknown>): Announcement[] {
  const { variant, secretEnv } = settings;
  const by = modelTitle(id, variant);
  const { deployment, service, secret } = modelNames(id, variant);
  return [
    ...versionedSecretObjects(secret, Object.keys(secretEnv).length > 0, by),
    { object: `deployment/${deployment}`, by },
    { object: `service/${service}`, by },
    ...companionsOf(settings).map(({ kind }): Announcement => ({ object: `${kind}/${deployment}`, by })),
  ];
}

/**
 * A variant of a model: its Secret, its Deployment, its Service, and what its settings ask for beside them. For Pulumi they are named `<id>/<variant>`, which no
 * other model is, and those of the variant `default` by the ID alone, as if the model had no variants.
 */
export function createVariant(args: VariantArgs, opts: pulumi.CustomResourceOptions): CreatedVariant {
  const { variant, weight, mirrorPercent, headers } = args;
  const secretName = createSecret(args, opts);
  const deployment = createDeployment(
    { ...args, secretName },
    { ...opts, dependsOn: createCompanions(args, opts) },
  );
  const object = createService(args, opts);
  const serviceName = object.metadata.name;
  const backend = {
    variant,
    service: serviceName,
    object,
    weight,
    mirrorPercent,
    headers,
    ready: deployment,
  };
  return { backend, serviceName, secretName };
}

function createSecret(
  args: VariantArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> | undefined {
  const { id, variant, namespace, stack, secretEnv: values } = args;
  const objectName = modelNames(id, variant).secret;
  const labels = { ...args.labels, ...variantLabels(variant) };
  return createVersionedSecret(
    variantTitle(id, variant),
    { namespace, stack, labels, objectName, app: id, type: "Opaque", values },
    opts,
  );
}

function createDeployment(
  { secretName, ...args }: VariantArgs & { readonly secretName: pulumi.Output<string> | undefined },
  opts: pulumi.CustomResourceOptions,
): Deployment {
  const { id, variant, stack, pullSecret, scrape, protect } = args;
  const known = {
    MODEL_NAME: id,
    PORT: String(args.port),
    // Programs and libraries keep their caches there.
    ...(args.readOnlyRootFilesystem && { HOME: TMP_PATH }),
    ...artefactVariables(args),
    ...args.env,
  };
  // Plain environment would override the model's secrets of the same name.
  const env = Object.fromEntries(Object.entries(known).filter(([name]) => !(name in args.secretEnv)));
  const labels = { ...args.labels, ...variantLabels(variant) };
  // For the check before an update, which knows no setting of a model that has left them.
  const annotations = {
    ...(protect && { [PROTECTED]: "true" }),
    ...(args.autoscaling !== undefined && { [AUTOSCALED]: autoscaledText(args) }),
  };
  const name = modelNames(id, variant).deployment;
  return new Deployment(
    variantTitle(id, variant),
    {
      metadata: metadata(args, { name, app: id, labels, annotations, skipAwait: false }),
      spec: deploymentSpec(
        { ...args, env },
        {
          ...{ name: id, variant, stack, pullSecret, scrape, envFromSecret: secretName },
          ...(args.serviceAccount !== undefined && { serviceAccount: name }),
        },
      ),
    },
    { ...opts, customTimeouts: rolloutTimeouts(args), protect },
  );
}

function createService(args: VariantArgs, opts: pulumi.CustomResourceOptions): Service {
  const { id, variant, stack, protect, protocol } = args;
  const annotations = { ...protocolAnnotations(protocol), ...args.service.annotations };
  const labels = { ...args.labels, ...args.service.labels, ...variantLabels(variant) };
  const name = modelNames(id, variant).service;
  return new Service(
    variantTitle(id, variant),
    {
      metadata: metadata(args, { name, app: id, labels, annotations }),
      spec: serviceSpec({ name: id, stack, variant, protocol }),
    },
    { ...opts, protect },
  );
}
