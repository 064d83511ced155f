using System.Text;

namespace Guerdon.Sandbox.Answers;

/// <summary>Phrases that answers are made of. ASCII only, so that a text can be cut at any byte.</summary>
internal static class Vocabulary
{
    public static readonly byte[][] Leads = Phrases(
        "In short, |First, |In practice, |As a rule, |For now, |Most of the time, |If in doubt, |Even so, |" +
        "By default, |On a closer look, |Once that is done, |To begin with, |||||||");

    public static readonly byte[][] Subjects = Phrases(
        "the cache|a smaller batch|the retry loop|the second query|this index|the new column|a short test|" +
        "the old report|the review|one clear owner|the shared template|a written summary|the weekly plan|" +
        "the worker pool|the parser|a stricter type|the first draft|the customer note|the data export|" +
        "a feature flag|the build step|the migration|the checklist|an early question");

    public static readonly byte[][] Verbs = Phrases(
        "explains|removes|reduces|keeps|covers|replaces|splits|confirms|speeds up|settles|exposes|simplifies|" +
        "documents|limits|moves|protects");

    public static readonly byte[][] Objects = Phrases(
        "most of the waiting time|the duplicate work|the slow path|the edge case you describe|the largest cost|" +
        "the failing assertion|the missing context|the figures in the table|the order of the steps|" +
        "the two open questions|the part that changes often|the time zone mistake|the memory it needs|" +
        "the answer your team expects|the rounding difference|the remaining risk|the handover|" +
        "the number of round trips|the unclear paragraph|the assumption behind it");

    public static readonly byte[][] Tails = Phrases(
        "| before the next release| when the table grows| without changing the interface| for every region" +
        "| so that nobody has to guess| and leaves the rest as it is| as soon as two people edit it" +
        "| while the old version still runs| and is easy to undo| because it runs only once" +
        "| if the input is already sorted| after the first call||||");

    private static byte[][] Phrases(string list) => [.. list.Split('|').Select(Encoding.ASCII.GetBytes)];
}
