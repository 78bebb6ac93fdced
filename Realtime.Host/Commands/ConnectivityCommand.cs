using System.CommandLine;
using System.Globalization;
using Realtime.Acquisition.Recordings;
using Realtime.Acquisition.Simulation;
using Realtime.Engine.Sessions;
using Realtime.Host.Running;
using Realtime.Models;
using Realtime.Models.Neuroformer.Connectivity;
using Realtime.Models.Training;
using Spectre.Console;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode connectivity MODEL SESSION -o FILE.csv</c>: connectivity from a Neuroformer's attention (docs/connectivity.md).</summary>
internal static class ConnectivityCommand
{
    private static readonly string[] Names = ["lift", "mean", "upstream", "removal", "counts"];

    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "Model file of kind neuroformer." };
        var session = new Argument<string>("SESSION") { Description = "Folder of a session with the model's units (docs/session-layout.md)." };
        var output = new Option<string>("--output", "-o") { Description = "CSV file to write: a row per target, a column per source.", Required = true };
        var method = new Option<string>("--method") { Description = "lift, mean, upstream, removal or counts (docs/connectivity.md).", DefaultValueFactory = _ => Names[0] };
        method.AcceptOnlyFromAmong(Names);
        var part = new Option<string>("--part") { Description = "train, valid, test or all.", DefaultValueFactory = _ => "all" };
        part.AcceptOnlyFromAmong(SessionPart.Names);
        var windows = new Option<int>("--windows") { Description = "Windows to read at most; more are thinned evenly.", DefaultValueFactory = _ => 40_000 };
        var command = new Command("connectivity", "Read connectivity from what a Neuroformer makes of past spikes.") { model, session, output, method, part, windows };
        command.SetAction((parsed, cancellation) => Task.FromResult(CommandRunner.Run(() =>
        {
            var most = parsed.GetValue(windows);
            if (most < 1) throw new UserErrorException($"--windows is {most}; choose 1 or more.", ExitCode.Usage);
            var folder = parsed.GetValue(session)!;
            var recording = SessionReader.Read(folder);
            using var file = RigRun.ReadModel(parsed.GetValue(model)!);
            var ranges = parsed.GetValue(part) switch
            {
                "train" => recording.Train,
                "valid" => recording.Valid,
                "test" => recording.Test,
                _ => [new TimeRange(0, recording.DurationSeconds)],
            };
            try
            {
                var own = AttentionConnectivity.Measure(file, recording, ranges, (ConnectivityMethod)Array.IndexOf(Names, parsed.GetValue(method)), most, cancellation);
                var path = parsed.GetValue(output)!;
                File.WriteAllText(path, own.ToCsv());
                CommandRunner.Screen.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"Wrote {path}: {own.Units.Count} x {own.Units.Count} units, row = target, column = source, method {parsed.GetValue(method)}."));
                if (CouplingTruth.Read(folder) is { } truth) ShowScores(own, parsed.GetValue(method)!, file, recording, ranges, most, truth, cancellation);
            }
            catch (Exception problem) when (problem is TrainingException or InvalidDataException)
            {
                throw new UserErrorException(problem.Message, ExitCode.BadInput);
            }

            return ExitCode.Ok;
        })));
        return command;
    }

    private static void ShowScores(ConnectivityMatrix own, string method, ModelFile file, Session recording, IReadOnlyList<TimeRange> ranges, int most,
        IReadOnlyList<Coupling> truth, CancellationToken cancellation)
    {
        const int lags = 6;
        const double bin = 0.01;
        var table = new Table().AddColumns("method", "existence", "excitation", "inhibition", "direction", "right way");
        table.Title = new TableTitle("Area under the ROC curve against truth.json (0.5 = chance)");
        Add(method, own);
        if (method != "counts") Add("counts (no network)", AttentionConnectivity.Measure(file, recording, ranges, ConnectivityMethod.Counts, most, cancellation));
        Add("cross-correlogram, 10 to 60 ms", CrossCorrelogram.Of(recording, ranges, bin, lags));
        CommandRunner.Screen.Write(table);

        void Add(string name, ConnectivityMatrix matrix)
        {
            var weights = new double[matrix.Units.Count * matrix.Units.Count];
            var rows = recording.Units.Units.Select(unit => matrix.Units.ToList().IndexOf(unit)).ToArray();
            foreach (var coupling in truth)
            {
                if (coupling.Target < 0 || coupling.Source < 0 || coupling.Target >= rows.Length || coupling.Source >= rows.Length)
                    throw new InvalidDataException($"truth.json couples row {coupling.Source} to {coupling.Target}; the session has {rows.Length} units. Write the session again.");
                if (rows[coupling.Target] >= 0 && rows[coupling.Source] >= 0) weights[rows[coupling.Target] * matrix.Units.Count + rows[coupling.Source]] = coupling.Weight;
            }

            var scores = ConnectivityScores.Of(matrix, weights);
            table.AddRow(name, Text(scores.Existence), Text(scores.Excitation), Text(scores.Inhibition), Text(scores.Direction), Text(scores.RightWay));
        }

        static string Text(double value) => double.IsNaN(value) ? "–" : value.ToString("F3", CultureInfo.InvariantCulture);
    }
}
