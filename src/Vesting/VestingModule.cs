using Guerdon.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guerdon.Vesting;

/// <summary>Maps the module's route.</summary>
public static class VestingModule
{
    public static void MapVesting(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/vesting/check", CheckVesting.Handle)
            .RequireAuthorization(Permissions.PlansWrite).WithTags("Vesting");
}
