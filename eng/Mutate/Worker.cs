using System.Collections;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Guerdon.eng.Mutate;

/// <summary>
/// Runs tests of Unit against one mutant after another in a process that stays warm. A mutant that hangs or overflows
/// the stack takes the process down with it, and <see cref="Tests"/> starts another.
/// </summary>
internal static class Worker
{
    /// <summary>
    /// Reads one line per mutant, the names of test classes, and answers whether they pass. If the line begins with the
    /// number of marks, each class runs by itself, and the answer also lists the marks that it reached.
    /// </summary>
    /// <param name="root">The working tree.</param>
    /// <param name="replaced">A folder of assemblies that are loaded instead of those beside this program.</param>
    /// <param name="parent">The process that reads the answers; the worker ends when it does.</param>
    public static async Task RunAsync(string root, string replaced, int parent)
    {
        EndWith(parent);
        var (tasks, answers) = (Console.In, Console.Out);
        Console.SetOut(TextWriter.Null);
        Console.SetError(TextWriter.Null);
        while (await tasks.ReadLineAsync() is { } line)
        {
            var (names, marks) = (line.Split(' ').ToList(), Array.Empty<bool>());
            if (int.TryParse(names[0], out var count))
            {
                marks = new bool[count];
                AppContext.SetData(Probes.Marks, marks);
                names.RemoveAt(0);
            }

            var failed = marks.Length == 0
                ? await RunAsync(new Tested(root, replaced), names)
                : await MarkAsync(names, marks);
            await SayAsync(failed is null ? "passed" : $"failed {failed}");
        }

        // In a context of its own, so that what runs when a type is first used is marked for every class that needs it.
        async Task<string?> MarkAsync(List<string> names, bool[] marks)
        {
            foreach (var name in names)
            {
                Array.Clear(marks);
                if (await RunAsync(new Tested(root, replaced), [name]) is { } failed) return failed;
                await SayAsync($"< {name} {string.Join(' ', marks.Index().Where(m => m.Item).Select(m => m.Index))}");
            }

            return null;
        }

        async Task<string?> RunAsync(Tested context, List<string> names)
        {
            // So that types are found in it by name too, as a converter of settings is.
            using var scope = context.EnterContextualReflection();
            var unit = context.LoadFromAssemblyName(new AssemblyName("Unit"));
            string? failed = null;
            foreach (var name in names.TakeWhile(_ => failed is null))
            {
                await SayAsync($"> {name}"); // so that a hang is reported with its class
                if (unit.GetType(name) is { IsAbstract: false } type) failed = await FirstToFailAsync(type);
            }

            context.Unload();
            return failed;
        }

        async Task SayAsync(string line)
        {
            await answers.WriteLineAsync(line);
            await answers.FlushAsync();
        }
    }

    // In a thread of its own: a mutant may use up those of the pool.
    private static void EndWith(int parent)
    {
        var process = Process.GetProcessById(parent);
        var watch = new Thread(() =>
        {
            process.WaitForExit();
            Environment.Exit(1);
        })
        { IsBackground = true };
        watch.Start();
    }

    private static async Task<string?> FirstToFailAsync(Type type)
    {
        foreach (var method in type.GetMethods().Where(m => m.GetCustomAttribute<FactAttribute>() is { Skip: null }))
        {
            try
            {
                await using var tracker = new DisposalTracker();
                foreach (var row in await RowsAsync(method, tracker)) await RunAsync(type, method, row);
            }
            catch (Exception e)
            {
                while (e is TargetInvocationException or TypeInitializationException && e.InnerException is { } inner)
                    e = inner;
                // Earlier mutants may have used the memory up: a fresh worker is asked.
                if (e is OutOfMemoryException) Environment.Exit(1);
                if (e.Message.StartsWith("$XunitDynamicSkip$", StringComparison.Ordinal)) continue;
                return $"{type.Name}.{method.Name}: {FirstOf(e.Message)}";
            }
        }

        return null;
    }

    private static string FirstOf(string message)
    {
        var line = string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(20));
        return line.Length > 120 ? line[..120] + "…" : line;
    }

    private static async Task<IEnumerable<object?[]>> RowsAsync(MethodInfo method, DisposalTracker tracker)
    {
        if (method.GetCustomAttribute<TheoryAttribute>() is null) return [[]];
        var rows = new List<object?[]>();
        foreach (var attribute in method.GetCustomAttributes())
        {
            if (attribute is MemberDataAttribute member) rows.AddRange(RowsOf(method.ReflectedType!, member));
            else if (attribute is IDataAttribute source)
            {
                var given = await source.GetData(method, tracker);
                rows.AddRange(given.Where(row => row.Skip is null).Select(row => row.GetData()));
            }
        }

        // Without rows it would pass whatever is changed.
        if (rows.Count == 0) throw new InvalidOperationException("A theory without rows.");
        return rows;
    }

    private static IEnumerable<object?[]> RowsOf(Type type, MemberDataAttribute source)
    {
        const BindingFlags any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        var all = type.GetProperty(source.MemberName, any)?.GetValue(null)
            ?? type.GetField(source.MemberName, any)?.GetValue(null)
            ?? type.GetMethod(source.MemberName, any)?.Invoke(null, source.Arguments)
            ?? throw new InvalidOperationException($"{type.Name} has no data '{source.MemberName}'.");
        foreach (var row in (IEnumerable)all)
            yield return row is ITheoryDataRow data ? data.GetData() : (object?[])row;
    }

    private static async Task RunAsync(Type type, MethodInfo method, object?[] row)
    {
        var test = method.IsStatic ? null : Activator.CreateInstance(type);
        try
        {
            switch (method.Invoke(test, ArgumentsOf(method, row)))
            {
                case Task task: await task; break;
                case ValueTask task: await task; break;
            }
        }
        finally
        {
            if (test is IAsyncDisposable later) await later.DisposeAsync();
            else (test as IDisposable)?.Dispose();
        }
    }

    // As xUnit's own runner does: with defaults, and an int of InlineData as the short that the parameter is.
    private static object?[] ArgumentsOf(MethodInfo method, object?[] row) => TypeHelper.ConvertArguments(
        method.ResolveMethodArguments(row), [.. method.GetParameters().Select(parameter => parameter.ParameterType)]);

    // Our own assemblies are loaded again for each mutant, and so is PDFsharp: it takes a font resolver only once. All
    // others are shared and stay warm.
    private sealed class Tested(string root, string replaced) : AssemblyLoadContext(isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var file = $"{assemblyName.Name}.dll";
            var other = Path.Combine(replaced, file);
            if (File.Exists(other)) return LoadFromStream(new MemoryStream(File.ReadAllBytes(other)));
            var isOwn = assemblyName.Name is "Unit" or "guerdon" or "PdfSharp" or "PdfSharp.System"
                || Directory.Exists(Path.Combine(root, "src", assemblyName.Name!));
            return isOwn ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, file)) : null;
        }
    }
}
