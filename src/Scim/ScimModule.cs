using Guerdon.Identity;
using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Guerdon.Scim.Bulk;
using Guerdon.Scim.Discovery;
using Guerdon.Scim.Groups;
using Guerdon.Scim.Search;
using Guerdon.Scim.Users;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Scim;

/// <summary>Registers what a company's directory is served by, and maps its routes below <c>/scim/v2</c>.</summary>
public static class ScimModule
{
    private static readonly string[] AllMethods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    public static void AddScim(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PersonLinks>().AddSingleton<UserStore>().AddSingleton<GroupStore>()
            .AddSingleton<BulkResources>();
    }

    public static void MapScim(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup(ScimAddress.Root).WithMetadata(ScimError.Form).ExcludeFromDescription();
        var open = all.MapGroup("").AllowAnonymous();
        open.AddEndpointFilter(async (context, next) => context.HttpContext.Request.Query.ContainsKey("filter")
            ? ScimRefusals.FilterRefused.With("What describes the service is not filtered.").ToScim()
            : await next(context));
        open.MapGet("/ServiceProviderConfig", GetServiceConfig.Handle);
        open.MapGet("/ResourceTypes", ListResourceTypes.Handle);
        open.MapGet("/ResourceTypes/{id}", GetResourceType.Handle);
        open.MapGet("/Schemas", ListSchemas.Handle);
        open.MapGet("/Schemas/{id}", GetSchema.Handle);
        foreach (var path in (string[])
            ["/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/{id}", "/Schemas", "/Schemas/{id}"])
            RefuseOthers(open, path, "GET");

        // By a token: no session of a browser speaks for the directory.
        var scim = all.MapGroup("").RequireAuthorization(
            new AuthorizeAttribute(Permissions.Scim) { AuthenticationSchemes = IdentityModule.TokenScheme });
        MapUsers(scim);
        MapGroups(scim);
        scim.MapPost("/.search", SearchAll.Handle);
        scim.MapPost("/Bulk", RunBulk.Handle).WithMetadata(new RequestSizeLimitAttribute(Descriptions.MostBytes));
        RefuseOthers(scim, "/Bulk", "POST");
        scim.Map("/Me", RefuseMe.Handle);
        RefuseOthers(scim, "/.search", "POST");
        scim.Map("/{**rest}", RefusePath.Handle);
    }

    private static void MapUsers(RouteGroupBuilder scim)
    {
        scim.MapGet("/Users", ListUsers.Handle);
        scim.MapPost("/Users", CreateUser.Handle);
        scim.MapPost("/Users/.search", SearchUsers.Handle);
        scim.MapGet("/Users/{id}", GetUser.Handle);
        scim.MapPut("/Users/{id}", ReplaceUser.Handle);
        scim.MapPatch("/Users/{id}", PatchUser.Handle);
        scim.MapDelete("/Users/{id}", DeleteUser.Handle);
        RefuseOthers(scim, "/Users", "GET", "POST");
        RefuseOthers(scim, "/Users/.search", "POST");
        RefuseOthers(scim, "/Users/{id}", "GET", "PUT", "PATCH", "DELETE");
    }

    private static void MapGroups(RouteGroupBuilder scim)
    {
        var large = scim.MapGroup("").WithMetadata(new RequestSizeLimitAttribute(Descriptions.MostBytes));
        scim.MapGet("/Groups", ListGroups.Handle);
        large.MapPost("/Groups", CreateGroup.Handle);
        scim.MapPost("/Groups/.search", SearchGroups.Handle);
        scim.MapGet("/Groups/{id}", GetGroup.Handle);
        large.MapPut("/Groups/{id}", ReplaceGroup.Handle);
        large.MapPatch("/Groups/{id}", PatchGroup.Handle);
        scim.MapDelete("/Groups/{id}", DeleteGroup.Handle);
        RefuseOthers(scim, "/Groups", "GET", "POST");
        RefuseOthers(scim, "/Groups/.search", "POST");
        RefuseOthers(scim, "/Groups/{id}", "GET", "PUT", "PATCH", "DELETE");
    }

    // Said in the form of SCIM, which the framework's own answer has not.
    private static void RefuseOthers(RouteGroupBuilder group, string path, params string[] served) =>
        group.MapMethods(path, AllMethods.Except(served), RefuseMethod.Handle)
            .WithMetadata(new ServedMethods(string.Join(", ", served)));
}
