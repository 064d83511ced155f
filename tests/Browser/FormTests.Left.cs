using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guerdon.Browser;

// What somebody left for the forms that are pressed.
public sealed partial class FormTests
{
    // As a mail server that refused two notices would have left them; nothing sends them, since e-mail is off.
    private async Task FailNoticesAsync()
    {
        await using var command = full.Site.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("""
            insert into compensation.notice_way (way, is_on, changed_at) values ('email', false, now())
                on conflict do nothing;
            insert into compensation.notice_delivery (notice_id, way, state, tries, next_at, ended_at, last_error)
            select notice_id, 'email', 'failed', 20, now(), now(), '550'
              from compensation.notice order by created_at desc limit 2
            """);
        Assert.True(await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken) >= 2);
    }

    // In force, as two administrators would have left it; nobody signs in by it.
    private async Task ProviderAsync()
    {
        await using var command = full.Site.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("""
            insert into openid.provider (provider_id, name, label, issuer, client_id, scopes, strangers, group_roles,
                                         asked_by, asked_at, decision, decided_by, decided_at)
            values (gen_random_uuid(), 'corp', 'Corp login', 'https://login.example.com', 'guerdon', '{openid,email}',
                    'refuse', '[]', 'ann@example.com', now(), 'approved', 'bob@example.com', now())
            """);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }
}
