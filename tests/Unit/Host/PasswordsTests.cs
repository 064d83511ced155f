using System.Diagnostics;
using Guerdon.Host.SignIn;

namespace Guerdon.Unit.Host;

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

        var (ofOld, ofToday) = (Fastest(() => Passwords.Verify("x", old, Rounds)),
            Fastest(() => Passwords.Verify("x", today, Rounds)));
        Assert.InRange(ofOld / ofToday, 0.4, 2.5);
    }

    // Of several, so that a busy machine does not count.
    private static double Fastest(Action work)
    {
        var best = double.MaxValue;
        for (var i = 0; i < 7; i++)
        {
            var since = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        return best;
    }
}
