using System.Net;
using System.Text;
using Guerdon.Providers;

namespace Guerdon.Unit.Providers;

/// <summary>One person's failures never keep others from a provider.</summary>
public sealed class BreakerTests
{
    private static readonly Guid Ada = new(1, 0, 0, new byte[8]);
    private static readonly Guid Bo = new(2, 0, 0, new byte[8]);
    private readonly Clock _clock = new();
    private readonly Breaker _breaker;

    public BreakerTests() => _breaker = new Breaker(new GatewayOptions(), _clock);

    [Theory]
    [InlineData(5)]
    [InlineData(50)]
    [InlineData(5_000)]
    public void OnePersonFails_NobodyIsKeptAway(int calls)
    {
        for (var i = 0; i < calls; i++) Assert.Equal(i >= 9, _breaker.Note(Ada, isFailure: true));
        Assert.True(_breaker.MayCall(Ada) && _breaker.MayCall(Bo));
        Assert.Null(_breaker.LeftAloneUntil);
    }

    [Fact]
    public void TwoPeopleFail_IsLeftAlone()
    {
        for (var i = 0; i < 9; i++) Assert.False(_breaker.Note(Ada, isFailure: true));
        Assert.False(_breaker.Note(Bo, isFailure: true));
        Assert.Equal(_clock.GetUtcNow().AddSeconds(10), _breaker.LeftAloneUntil);
        Assert.False(_breaker.MayCall(new Guid(3, 0, 0, new byte[8])));
    }

    [Fact]
    public void AnswersThatBeganWell_CountOnceWhereTheyFail()
    {
        for (var i = 0; i < 12; i++)
        {
            Assert.Null(_breaker.LeftAloneUntil);
            var person = i % 2 == 0 ? Ada : Bo;
            _breaker.Note(person, isFailure: false);
            if (i % 5 < 3) _breaker.Note(person, isFailure: true, isAgain: true);
        }

        Assert.NotNull(_breaker.LeftAloneUntil); // eight of twelve, and not eight of twenty
    }

    [Fact]
    public void TwoFailWhereMostAreWell_IsNotLeftAlone()
    {
        for (var person = 10; person < 20; person++) Well(person);
        Assert.False(_breaker.Note(Ada, isFailure: true)); // from here on the others' are counted
        for (var person = 10; person < 20; person++) Well(person);
        for (var i = 0; i < 40; i++) _breaker.Note(i % 2 == 0 ? Ada : Bo, isFailure: true);
        Assert.Null(_breaker.LeftAloneUntil);

        void Well(int person) => _breaker.Note(new Guid(person, 0, 0, new byte[8]), isFailure: false);
    }

    [Fact]
    public void OnePersonAndAProbe_IsLeftAlone()
    {
        for (var i = 0; i < 10; i++) _breaker.Note(Ada, isFailure: true);
        _breaker.NoteProbe(isFailure: true);
        Assert.NotNull(_breaker.LeftAloneUntil);
    }

    [Fact]
    public void ProbeIsWell_CountBeginsAgain()
    {
        for (var i = 0; i < 10; i++) _breaker.Note(Ada, isFailure: true);
        _breaker.NoteProbe(isFailure: false);
        for (var i = 0; i < 9; i++) Assert.False(_breaker.Note(Ada, isFailure: true));
        Assert.True(_breaker.Note(Ada, isFailure: true));
        Assert.Null(_breaker.LeftAloneUntil);
    }

    [Fact]
    public void TriedAgain_EachPersonOnceUntilOneIsWell()
    {
        _breaker.LeaveAlone();
        _clock.Now += TimeSpan.FromSeconds(10);
        Assert.True(_breaker.MayCall(Ada));
        _breaker.Begin(Ada);
        Assert.False(_breaker.MayCall(Ada));
        Assert.True(_breaker.Note(Ada, isFailure: true)); // a probe is to tell
        Assert.True(_breaker.MayCall(Bo));
        _breaker.Begin(Bo);
        _breaker.Note(Bo, isFailure: false);
        Assert.True(_breaker.MayCall(Ada));
    }

    [Fact]
    public void TriedAgain_TwoPeopleFail_IsLeftAloneAgain()
    {
        _breaker.LeaveAlone();
        _clock.Now += TimeSpan.FromSeconds(10);
        _breaker.Note(Ada, isFailure: true);
        _breaker.Note(Bo, isFailure: true);
        Assert.Equal(_clock.GetUtcNow().AddSeconds(10), _breaker.LeftAloneUntil);
    }

    [Fact]
    public void TriedAgain_NothingCameOfIt_IsTriedInTheNextRound()
    {
        _breaker.LeaveAlone();
        _clock.Now += TimeSpan.FromSeconds(10);
        _breaker.Begin(Ada);
        Assert.False(_breaker.MayCall(Ada));
        _clock.Now += TimeSpan.FromSeconds(10);
        Assert.True(_breaker.MayCall(Ada));
    }

    [Fact]
    public void FailuresFarApart_AreNotAddedUp()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.False(_breaker.Note(i % 2 == 0 ? Ada : Bo, isFailure: true));
            _clock.Now += TimeSpan.FromSeconds(2);
        }

        Assert.Null(_breaker.LeftAloneUntil);
    }

    [Fact]
    public void TriedAgain_EachPersonOnce_InAsLongAsItWasLeftAlone()
    {
        for (var i = 0; i < 10; i++) _breaker.Note(i % 2 == 0 ? Ada : Bo, isFailure: true);
        Assert.False(_breaker.MayCall(Ada));
        _clock.Now += TimeSpan.FromSeconds(10);
        Assert.Null(_breaker.LeftAloneUntil);
        Assert.True(_breaker.IsTriedAgain && _breaker.MayCall(Ada));
        _breaker.Begin(Ada);
        Assert.Equal((false, true), (_breaker.MayCall(Ada), _breaker.MayCall(Bo)));
        _clock.Now += TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1);
        Assert.False(_breaker.MayCall(Ada));
        _clock.Now += TimeSpan.FromTicks(1);
        Assert.True(_breaker.MayCall(Ada));
        _breaker.Begin(Bo); // a new round, in which Ada has not tried yet
        Assert.Equal((true, false), (_breaker.MayCall(Ada), _breaker.MayCall(Bo)));
        Assert.False(_breaker.Note(Bo, isFailure: false));
        Assert.False(_breaker.IsTriedAgain);
    }

    [Theory]
    [InlineData(401, true)]
    [InlineData(403, false)]
    public void Key_RefusedToTwo_Is401sAlone(int status, bool isRefused)
    {
        var health = new KeyHealth(_clock);
        for (var i = 0; i < 50; i++) Assert.False(health.NoteRefused((HttpStatusCode)status, Ada));
        Assert.Equal(isRefused, health.NoteRefused((HttpStatusCode)status, Bo));
        Assert.Equal(isRefused, health.RefusedSince is not null);
    }

    [Theory]
    [InlineData(401, 401, false, true)]
    [InlineData(401, 403, false, false)]
    [InlineData(403, 401, false, true)]
    [InlineData(403, 403, false, false)]
    [InlineData(403, 403, true, true)]
    public void Key_RefusedToAProbe_ByWhatBothMet(int called, int probed, bool isOfTwo, bool isRefused)
    {
        var health = new KeyHealth(_clock);
        health.NoteRefused((HttpStatusCode)called, Ada);
        if (isOfTwo) health.NoteRefused((HttpStatusCode)called, Bo);
        Assert.Equal(isRefused, health.NoteProbeRefused((HttpStatusCode)probed));
    }

    [Fact]
    public void Key_TakenMeanwhile_IsNotRefused()
    {
        var health = new KeyHealth(_clock);
        health.NoteRefused(HttpStatusCode.Unauthorized, Ada);
        health.NoteTaken(isOfSecond: false);
        Assert.False(health.NoteProbeRefused(HttpStatusCode.Unauthorized));
        Assert.False(health.NoteRefused(HttpStatusCode.Unauthorized, Bo));
    }

    [Fact]
    public void Key_RefusedToAnotherMuchLater_IsADoubtOfItsOwn()
    {
        var health = new KeyHealth(_clock);
        health.NoteRefused(HttpStatusCode.Unauthorized, Ada);
        _clock.Now += TimeSpan.FromMinutes(2);
        Assert.False(health.NoteRefused(HttpStatusCode.Unauthorized, Bo));
        Assert.True(health.NoteRefused(HttpStatusCode.Unauthorized, Ada));
    }

    [Theory]
    [InlineData("""{"error":{"code":"mismatched_organization","type":"invalid_request_error"}}""", true)]
    [InlineData("""{"error":{"code":"model_not_found"}}""", true)]
    [InlineData("""{"code":"model_not_found","error":"The model does not exist"}""", true)]
    [InlineData("""{"error":{"code":null,"message":"… Missing scopes: model.request. Check …"}}""", true)]
    [InlineData("""{"error":{"code":"invalid_api_key","message":"Incorrect API key: model_not_found"}}""", false)]
    [InlineData("""{"error":{"type":"authentication_error","message":"invalid x-api-key"}}""", false)]
    [InlineData("""{"type":"error","error":{"type":"permission_error","message":"no"}}""", false)]
    [InlineData("""{"error":{"code":7}}""", false)]
    [InlineData("""["model_not_found"]""", false)]
    [InlineData("model_not_found", false)]
    [InlineData("", false)]
    public void Denial_ByItsCode_IsOfTheRequest(string body, bool isOfRequest) =>
        Assert.Equal(isOfRequest, Denial.IsOfRequest(Encoding.UTF8.GetBytes(body)));

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddYears(50);

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
