using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.People.History;
using Guerdon.People.Identities;
using Guerdon.People.Spans;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guerdon.People;

/// <summary>Registers the module's services and maps its routes.</summary>
public static class PeopleModule
{
    public static void AddPeople(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PeopleDirectory>();
        builder.Services.AddHostedService<SpansOfToday>();
    }

    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/api/v1/people").WithTags("People");
        people.MapPost("/import", ImportPeople.Handle).RequireAuthorization(Access.Admin)
            .WithMetadata(new ImportLimit());
        people.MapGet("", ListPeople.Handle).RequireAuthorization(Access.Admin);
        people.MapGet("/identity-kinds", ListIdentityKinds.Handle).RequireAuthorization(Access.Admin);
        people.MapPost("/identity-kinds", DeclareIdentityKind.Handle).RequireAuthorization(Access.Admin);
        people.MapPut("/{personOrEmail}/email", ChangeEmail.Handle).RequireAuthorization(Access.Admin);
        people.MapGet("/{personOrEmail}/history", GetHistory.Handle).RequireAuthorization(Access.SignedIn);
        people.MapPost("/{personOrEmail}/changes", ChangePerson.Handle).RequireAuthorization(Access.Admin);
        people.MapGet("/{personOrEmail}", GetPerson.Handle).RequireAuthorization(Access.SignedIn);
    }

    private sealed class ImportLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => ImportPeople.MaxBytes;
    }
}
