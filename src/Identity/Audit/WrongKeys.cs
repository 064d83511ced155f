using Guerdon.Storage;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Identity.Audit;

/// <summary>
/// The gateway's calls that come without a key that is good. They pass none of what notes other requests, and the
/// gateway waits for nothing but memory here: they are counted by address and endpoint, and written each minute.
/// </summary>
public sealed class WrongKeys
{
    private readonly ActLog _acts;
    private readonly TimeProvider _clock;

    internal WrongKeys(ActLog acts, TimeProvider clock) => (_acts, _clock) = (acts, clock);

    /// <summary>Counts one. What was sent for a key is not looked at, and what stands in its path is not noted.
    /// </summary>
    /// <param name="call">The caller's request.</param>
    /// <param name="status">What it is answered.</param>
    public void Note(HttpContext call, int status) => _acts.Add(
        new RequestAct(call, _clock).Row() with { Kind = ActKinds.Refused, Status = status, Subject = "" }, typed: "");
}
