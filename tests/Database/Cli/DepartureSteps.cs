namespace Guerdon.Database.Cli;

/// <summary>Who leaves by the directory's word: the last steps, since access ends by them.</summary>
internal static class DepartureSteps
{
    private const string Bob = PeopleSteps.Bob;

    public static async Task WalkAsync(VerbWalk walk)
    {
        var amara = await walk.Server.LeaveAsync(PeopleSteps.Amara, isHeld: false);
        var bruno = await walk.Server.LeaveAsync(PeopleSteps.Bruno, isHeld: false);
        await walk.DoesAsync(Bob, "departure list");
        await walk.DoesAsync(Bob, $"departure approve {amara}");
        await walk.DoesAsync(Bob, $"departure decline {bruno} --reason \"On leave\"", sends: new(
            $"POST /api/v1/departures/{bruno}/decline", """{"reason": "On leave"}"""));
        await walk.DoesAsync(Bob, $"departure return {bruno} --reason \"They stay\"", sends: new(
            $"POST /api/v1/departures/{bruno}/return", """{"reason": "They stay"}"""));
        await walk.Server.LeaveAsync(PeopleSteps.Bruno, isHeld: true);
        await walk.RefusedAsync(Bob, "departure held 2", "people.departures_differ");
        var digest = await walk.Server.HeldAsync();
        await walk.DoesAsync(Bob, $"departure held {digest} --decline \"A mistake\"", sends: new(
            "POST /api/v1/departures/held/decline", $$"""{"digest": "{{digest}}", "reason": "A mistake"}"""));
        await walk.Server.LeaveAsync(PeopleSteps.Bruno, isHeld: true);
        await walk.DoesAsync(Bob, "departure list");
        await walk.DoesAsync(Bob, $"departure held {await walk.Server.HeldAsync()}");
        await walk.DoesAsync(Bob, "departure list --all");
    }
}
