using Guerdon.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guerdon.Statements;

/// <summary>Maps the module's routes.</summary>
public static class StatementsModule
{
    public static void MapStatements(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/api/v1").WithTags("Statements");
        own.MapGet("/wallets/{personOrEmail}", GetWallet.Handle).RequireAuthorization(Permissions.WalletsRead);
        own.MapGet("/statements/{personOrEmail}", GetStatement.Handle).RequireAuthorization(Permissions.WalletsRead);
        own.MapGet("/statements/{personOrEmail}/pay-period", GetPayStatement.Handle)
            .RequireAuthorization(Permissions.WalletsRead);
        routes.MapGet("/api/v1/people/{personOrEmail}/rewards", TotalRewards.Handle)
            .RequireAuthorization(Permissions.PayRead).WithTags("Statements");
    }
}
