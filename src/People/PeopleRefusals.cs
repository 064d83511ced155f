using Guerdon.Kernel;

namespace Guerdon.People;

/// <summary>Every expected "no" about people and their files.</summary>
public static class PeopleRefusals
{
    public static readonly Refusal PersonNotFound =
        new("people.person_not_found", 404, Retryable: false, "Name a person by e-mail or id.");

    public static readonly Refusal ImportInvalid =
        new("people.import_invalid", 422, Retryable: false,
            "Correct the rows listed and import again; nothing changed.");

    public static readonly Refusal ImportEmpty =
        new("people.import_empty", 400, Retryable: false, "Send the CSV as text/csv, or as the one file of a form.");

    public static readonly Refusal FileTooLarge =
        new("people.file_too_large", 413, Retryable: false, "Send it in two files; nothing changed.");

    public static readonly Refusal ChangesNothing =
        new("people.changes_nothing", 409, Retryable: false,
            "Decline the proposal, or withdraw it: guerdon approvals decline ID.");

    public static readonly Refusal EmailInvalid =
        new("people.email_invalid", 422, Retryable: false, "Write it as name@company.example; nothing changed.");

    public static readonly Refusal EmailTaken =
        new("people.email_taken", 409, Retryable: false,
            "Choose another address, or give its owner another first; two people swap theirs in one file.");

    public static readonly Refusal KindInvalid =
        new("people.kind_invalid", 422, Retryable: false,
            "Use lower-case letters, digits and _, up to 40, and no name of another column of the file of people.");

    public static readonly Refusal OwnChange =
        new("people.own_change", 403, Retryable: false,
            "Let someone else with the people role change what is on file of you.");

    public static readonly Refusal ChangeInvalid =
        new("people.change_invalid", 422, Retryable: false, "Correct what is listed; nothing changed.");

    public static readonly Refusal ManagerLoop =
        new("people.manager_loop", 422, Retryable: false,
            "Give one of those named another manager from then on; nothing changed.");

    public static readonly Refusal DepartureNotFound =
        new("people.departure_not_found", 404, Retryable: false,
            "Name a departure by the id that 'guerdon departure list' shows.");

    public static readonly Refusal DepartureDecided =
        new("people.departure_decided", 409, Retryable: false,
            "Give access back with 'guerdon departure return' where it was wrong.");

    public static readonly Refusal DepartureOpen =
        new("people.departure_open", 409, Retryable: false,
            "Decline the one that waits, which 'guerdon departure list' has; or let the directory activate them.");

    public static readonly Refusal DeparturesDiffer =
        new("people.departures_differ", 409, Retryable: false,
            "Look at the list again, and name the digest of those whom it shows as held.");

    public static readonly Refusal OwnDeparture =
        new("people.own_departure", 403, Retryable: false, "Let somebody else decide.");

    public static readonly Refusal ReasonInvalid =
        new("people.reason_invalid", 400, Retryable: false, "Say why, for the record.");

    public static readonly Refusal PageInvalid =
        new("people.page_invalid", 400, Retryable: false, "Ask for 1 to 1,000 rows, after an e-mail.");
}
