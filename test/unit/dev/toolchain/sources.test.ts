import { expect, test } from "vitest";
import { withOneType } from "../../../../dev/toolchain/sources";

test("the file that registers objects for the provider's components keeps their names, and needs the types of no kind", () => {
  const kinds = `package v2

import (
	"fmt"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

	case "apps/v1/Deployment":
		var res appsv1.Deployment
		err := ctx.RegisterResource("kubernetes:apps/v1:Deployment", name, props, &res, opts...)
	default:
		var res apiextensions.CustomResource
`;
  expect(withOneType(kinds)).toBe(`package v2

import (
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

	case "apps/v1/Deployment":
		var res apiextensions.CustomResource
		err := ctx.RegisterResource("kubernetes:apps/v1:Deployment", name, props, &res, opts...)
	default:
		var res apiextensions.CustomResource
`);
});
