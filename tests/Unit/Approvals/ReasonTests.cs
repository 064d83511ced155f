using Guerdon.Approvals;
using Guerdon.Kernel;

namespace Guerdon.Unit.Approvals;

/// <summary>What counts as a reason, wherever somebody asks for something or decides it.</summary>
public sealed class ReasonTests
{
    private static readonly Refusal Refusal = new("x.reason", 400, Retryable: false, "Say why.");

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData(" \n", false)]
    [InlineData("a\0b", false)]
    [InlineData("Because.", true)]
    public void IsOne_SaysSomething(string? text, bool expected) => Assert.Equal(expected, Reason.IsOne(text));

    [Fact]
    public void Check_HasOneLimit_WithoutBlanksAround()
    {
        Assert.Null(Reason.Check(Refusal, $"  {new string('a', 1_000)}\n"));
        var no = Reason.Check(Refusal, new string('a', 1_001));
        Assert.Equal((Refusal, "The reason must have 1 to 1000 characters."), (no!.Refusal, no.Detail));
    }
}
