using System.ComponentModel.DataAnnotations;
using Guerdon.Outbound;

namespace Guerdon.Notices.Webhook;

/// <summary>A receiver of the company's own that gets every notice. Without an address there is none.</summary>
internal sealed record WebhookOptions
{
    public const string Section = "Notices:Webhook";

    /// <summary>As <c>https://hooks.example.com/guerdon</c>; HTTP in the company's own network, where
    /// <see cref="LocalAddresses"/> names it. Empty: nothing is sent.</summary>
    public string Address { get; init; } = "";

    /// <summary>What notices are signed with; at least 32 characters, which the receiver has too.</summary>
    public string Secret { get; init; } = "";

    /// <summary>A second one while the receiver changes from one to the other: notices are signed with both. Empty:
    /// none.</summary>
    public string SecondSecret { get; init; } = "";

    /// <summary>Which receivers on this machine or in a private network may be called: hosts, hosts with a port, or
    /// networks. None by default.</summary>
    public string[] LocalAddresses { get; init; } = [];

    /// <summary>Notices that one node sends at once.</summary>
    [Range(1, 8)]
    public int AtOnce { get; init; } = 2;

    /// <summary>Whether the webhook is switched off, for all nodes and until a node with an address starts without it.
    /// </summary>
    public bool Off { get; init; }

    /// <summary>Whether a receiver is set.</summary>
    public bool IsOn => Address.Length > 0;

    internal AllowedInside AllowedInside => new($"{Section}:{nameof(LocalAddresses)}", LocalAddresses);

    // A record prints its members; the secrets must not end up in a log, nor what the address carries.
    public override string ToString() => IsOn ? "on" : "off";
}
