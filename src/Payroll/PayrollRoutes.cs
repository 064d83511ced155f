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
        var payroll = routes.MapGroup("/api/v1/payroll").RequireAuthorization(Access.Admin).WithTags("Payroll");
        payroll.MapGet("", ListPayroll.Handle);
        payroll.MapPost("", ApplyPayroll.Handle);
        payroll.MapPost("/check", CheckPayroll.Handle);
        payroll.MapGet("/exports", ListPayrollExports.Handle);
        payroll.MapGet("/export", ExportPayroll.Handle);
        payroll.MapPost("/export", ExportPayroll.Make);

        var ledger = routes.MapGroup("/api/v1/gl").RequireAuthorization(Access.Admin).WithTags("General ledger");
        ledger.MapGet("/export", ExportGl.Handle);
        ledger.MapGet("/accruals", GetAccruals.Handle);
    }
}
