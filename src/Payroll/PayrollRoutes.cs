using Guerdon.Kernel;
using Guerdon.Payroll.Files;
using Guerdon.Payroll.GeneralLedger;
using Guerdon.Payroll.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guerdon.Payroll;

/// <summary>Routes of payroll settings, payroll files and the general ledger.</summary>
internal static class PayrollRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var payroll = routes.MapGroup("/api/v1/payroll").WithTags("Payroll");
        payroll.MapGet("", ListPayroll.Handle).RequireAuthorization(Permissions.PayrollRead);
        payroll.MapPost("", ApplyPayroll.Handle).RequireAuthorization(Permissions.PayrollWrite);
        payroll.MapPost("/check", CheckPayroll.Handle).RequireAuthorization(Permissions.PayrollWrite);
        payroll.MapGet("/exports", ListPayrollExports.Handle).RequireAuthorization(Permissions.PayrollRead);
        payroll.MapGet("/export", ExportPayroll.Handle).RequireAuthorization(Permissions.PayrollRead);
        payroll.MapPost("/export", ExportPayroll.Make).RequireAuthorization(Permissions.PayrollWrite);

        var ledger = routes.MapGroup("/api/v1/gl")
            .RequireAuthorization(Permissions.LedgerRead).WithTags("General ledger");
        ledger.MapGet("/export", ExportGl.Handle);
        ledger.MapGet("/accruals", GetAccruals.Handle);
    }
}
