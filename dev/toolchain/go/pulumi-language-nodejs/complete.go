package main

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// The methods that the engine has got since this version of the language host.

// RegisterErrorHook passes an error hook of the program on to the engine, like every other call.
func (p *monitorProxy) RegisterErrorHook(
	ctx context.Context, req *pulumirpc.RegisterErrorHookRequest,
) (*emptypb.Empty, error) {
	return p.target.RegisterErrorHook(ctx, req)
}

// Template is for `pulumi new`, which the engine does without it.
func (host *nodeLanguageHost) Template(
	context.Context, *pulumirpc.TemplateRequest,
) (*pulumirpc.TemplateResponse, error) {
	return nil, status.Error(codes.Unimplemented, "not there in this build")
}
