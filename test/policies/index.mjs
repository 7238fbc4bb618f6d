import * as kubernetes from "@pulumi/kubernetes";
import { PolicyPack, remediateResourceOfType, validateResourceOfType } from "@pulumi/policy";

const { Deployment } = kubernetes.apps.v1;

new PolicyPack("company", {
  enforcementLevel: "mandatory",
  policies: [
    {
      name: "image-of-the-company",
      description: "Images come from registry.example.",
      validateResource: validateResourceOfType(Deployment, ({ spec }, _args, report) => {
        for (const { image, name } of spec?.template.spec?.containers ?? [])
          if (!image?.startsWith("registry.example/")) report(`container ${name} has image ${image}`);
      }),
    },
    {
      name: "cost-centre",
      description: "Deployments name who pays.",
      enforcementLevel: "remediate",
      remediateResource: remediateResourceOfType(Deployment, (deployment) => {
        const { metadata = {} } = deployment;
        const annotations = { ...metadata.annotations, "example.com/cost-centre": "4711" };
        return { ...deployment, metadata: { ...metadata, annotations } };
      }),
    },
  ],
});
