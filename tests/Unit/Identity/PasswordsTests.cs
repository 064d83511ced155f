using System.Diagnostics;
using Guerdon.Identity.Accounts;

namespace Guerdon.Unit.Identity;

public sealed class PasswordsTests
{
    private const int Rounds = 300_000;
    private const string Right = "a right password";

    [Fact]
    public void Verify_HashOfFewerRounds_TakesAsLongAsNobodys()
    {
        var (old, today) = (Passwords.Hash(Right, 1_000), Passwords.Hash(Right, Rounds));
        Assert.True(Passwords.Verify(Right, old, Rounds));
        Assert.False(Passwords.Verify("a wrong password", old, Rounds));

        // The fastest of several, in turns, so that a busy machine does not count; more of them where it is very busy.
        var (ofOld, ofToday) = (double.MaxValue, double.MaxValue);
        for (var i = 0; i < 15 || (i < 150 && ofOld / ofToday is < 0.4 or > 2.5); i++)
        {
            ofOld = Math.Min(ofOld, MsOf(() => Passwords.Verify("x", old, Rounds)));
            ofToday = Math.Min(ofToday, MsOf(() => Passwords.Verify("x", today, Rounds)));
        }

        Assert.InRange(ofOld / ofToday, 0.4, 2.5);
    }

    private static double MsOf(Action work)
    {
        var since = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
    }
}
