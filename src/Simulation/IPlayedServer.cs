namespace Guerdon.Simulation;

/// <summary>
/// The server that a company is played on. All else is asked of its API and its gateway; this is what nobody may ask
/// over HTTP, or only waits for.
/// </summary>
public interface IPlayedServer
{
    /// <summary>Where it listens, as <c>http://127.0.0.1:8080</c>.</summary>
    string Address { get; }

    /// <summary>Opens an account that runs the programme: over HTTP nobody makes a second administrator.</summary>
    /// <returns>A token of it.</returns>
    Task<string> OpenAdministratorAsync(string email, string name, CancellationToken ct);

    /// <summary>Opens the account of somebody who is on file by that address.</summary>
    /// <returns>A token of it.</returns>
    Task<string> OpenEmployeeAsync(string email, string name, CancellationToken ct);

    /// <summary>Signs somebody in who has an account, as <c>guerdon login</c> does: money is approved so.</summary>
    /// <returns>The secret of a session.</returns>
    Task<string> SignInAsync(string email, CancellationToken ct);

    /// <summary>Makes a personal key, as somebody does who is on file by that address.</summary>
    /// <returns>The key itself.</returns>
    Task<string> MakeKeyAsync(string email, string name, CancellationToken ct);

    /// <summary>Does once what is done hourly: a clock that is turned by hand wakes nobody. Safe to repeat.</summary>
    Task RunJobsAsync(CancellationToken ct);

    /// <summary>Ends when all calls that have ended are booked in the ledger.</summary>
    Task DrainAsync(CancellationToken ct);
}
