using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Unit.Kernel;

public class ResultTests
{
    private static readonly Refusal Full = new("test.full", 409, Retryable: true, "Wait.");

    private static Result<int> Half(int whole) => whole % 2 == 0 ? whole / 2 : Full.With($"{whole} is odd.");

    [Fact]
    public void Is_AValue_GivesItAndNoRefusal()
    {
        Assert.True(Half(8).Is(out var value, out var refused));
        Assert.Equal((4, null), (value, refused));
        Assert.Null(Half(8).Refused);
    }

    [Fact]
    public void Is_ARefusal_GivesItAndNoValue()
    {
        Assert.False(Half(7).Is(out var value, out var refused));
        Assert.Equal((0, "7 is odd."), (value, refused.Detail));
    }

    // A value that is its type's default is a value all the same.
    [Fact]
    public void Is_TheDefaultAsValue_IsAValue() => Assert.True(Half(0).Is(out _, out _));

    // A result that nobody made must not pass for either.
    [Fact]
    public void Is_NeitherAValueNorARefusal_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => default(Result<int>).Is(out _, out _));
        Assert.Throws<ArgumentNullException>(() => (Result<string>)(string)null!);
        Assert.Throws<ArgumentNullException>(() => (Result<string>)(Refused)null!);
    }

    [Fact]
    public void Select_AValueOrARefusal_MapsTheOneAndLeavesTheOther()
    {
        Assert.Equal("4", Half(8).Select(half => $"{half}").ValueOrDefault);
        Assert.Equal("7 is odd.", Half(7).Select(half => $"{half}").Refused?.Detail);
    }

    [Fact]
    public void ToHttp_ARefusal_IsItsProblemWithAllErrors()
    {
        Result<string> result = Full.With("Two things.") with { Errors = new[] { "one", "two" } };
        var problem = Assert.IsType<ProblemHttpResult>(result.ToHttp().Result).ProblemDetails;
        Assert.Equal((409, "test.full", "Two things."), (problem.Status, problem.Title, problem.Detail));
        Assert.Equal(new[] { "one", "two" }, problem.Extensions["errors"]);
        Assert.Equal("it", Assert.IsType<Ok<string>>(((Result<string>)"it").ToHttp().Result).Value);
    }
}
