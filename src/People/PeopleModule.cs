using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.People.Departures;
using Guerdon.People.Employees;
using Guerdon.People.History;
using Guerdon.People.Identities;
using Guerdon.People.Proposals;
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
        builder.AddApprovals();
        builder.Services.AddInput<PeopleInput>().AddSingleton<WritePeople>();
        builder.Services.AddSingleton<PeopleDirectory>();
        builder.Services.AddHostedService<SpansOfToday>();
        builder.Services.AddOptions<LeavingOptions>().BindConfiguration(LeavingOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<Leaving>().AddSingleton<DepartureStore>();
        builder.Services.AddHostedService<FallenDepartures>();
    }

    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/api/v1/people").WithTags("People");
        people.MapPost("/import", ProposePeople.FileAsync).RequireAuthorization(Permissions.PeopleWrite)
            .WithMetadata(new ImportLimit());
        people.MapGet("", ListPeople.Handle).RequireAuthorization(Permissions.PeopleRead)
            .WithMetadata(new Access.ShowsOthersAttribute());
        people.MapGet("/identity-kinds", ListIdentityKinds.Handle)
            .RequireAuthorization(Permissions.PeopleRead + Access.OfAll);
        people.MapPost("/identity-kinds", DeclareIdentityKind.Handle).RequireAuthorization(Permissions.PeopleWrite);
        people.MapPut("/{personOrEmail}/email", ProposePeople.AddressAsync)
            .RequireAuthorization(Permissions.PeopleWrite);
        people.MapGet("/{personOrEmail}/history", GetHistory.Handle).RequireAuthorization(Permissions.PayRead);
        people.MapPost("/{personOrEmail}/changes", ProposePeople.ChangeAsync)
            .RequireAuthorization(Permissions.PeopleWrite);
        people.MapGet("/{personOrEmail}", GetPerson.Handle).RequireAuthorization(Permissions.PeopleRead);
    }

    private sealed class ImportLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => ImportPeople.MaxBytes;
    }
}
