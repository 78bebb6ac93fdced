using System.CommandLine;
using Realtime.Engine.Sessions;
using Realtime.Host.Running;
using Realtime.Models;
using Realtime.Models.Calibration;
using Spectre.Console;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode calibrate MODEL SESSION -o MODEL2</c>: a trained transformer for new units, judged before it may go live.</summary>
internal static class CalibrateCommand
{
    // A part of a batch is one thread's; there are four.
    private const int MostThreads = 4;

    public static Command Create()
    {
        var defaults = new CalibrationOptions();
        var model = new Argument<string>("MODEL") { Description = "Model file of 'rtdecode train --model poyo' or 'possm'." };
        var session = new Argument<string?>("SESSION") { Description = "Folder of the new session (docs/session-layout.md).", Arity = ArgumentArity.ZeroOrOne };
        var fromRun = new Option<string?>("--from-run") { Description = "Run folder of 'rtdecode run --record', in place of SESSION." };
        var output = new Option<string>("--output", "-o") { Description = $"Model file to write, usually *{ModelFile.Extension}; a model that does not beat the baseline gets '-unfit' or '-forced' in its name.", Required = true };
        var minutes = new Option<double?>("--minutes") { Description = "Minutes to calibrate on, from the start of the training intervals; default: all of them. Where meta.json has no splits, all the rest is held out." };
        var share = new Option<double?>("--share", "--trials-share") { Description = "Share of the training time, or of the training trials, to calibrate on, such as 0.25." };
        var epochs = new Option<int>("--epochs") { Description = "Epochs; one covers the minutes once.", DefaultValueFactory = _ => defaults.Epochs };
        var rate = new Option<double>("--learning-rate") { Description = "At its peak.", DefaultValueFactory = _ => defaults.LearningRate };
        var batch = new Option<int>("--batch") { Description = "Windows of a step.", DefaultValueFactory = _ => defaults.BatchWindows };
        var dropout = new Option<double>("--unit-dropout") { Description = "Chance of each unit to be left out of a window.", DefaultValueFactory = _ => defaults.UnitDropout };
        var unfreeze = new Option<int?>("--unfreeze-at") { Description = "Epochs after which the whole network learns; default: never." };
        var unfreezeRate = new Option<double>("--unfreeze-rate") { Description = "Peak of the learning rate from then on.", DefaultValueFactory = _ => defaults.UnfreezeRate };
        var latents = new Option<bool>("--train-latents") { Description = "Let the latents learn with the embeddings, as upstream does." };
        var sameUnits = new Option<bool>("--same-units") { Description = "Begin with the embeddings of the model's units of the same names: the same animal on another day." };
        var cut = new Option<bool>("--cut") { Description = "Leave units and sessions of earlier recordings out of the new model." };
        var noScratch = new Option<bool>("--no-scratch") { Description = "Do not train the same network from scratch for comparison." };
        var force = new Option<bool>("--force") { Description = "Mark the model for live use even if it does not beat the baseline; every run says so." };
        var seed = new Option<long>("--seed") { Description = "The same seed gives the same model.", DefaultValueFactory = _ => defaults.Seed };
        var threads = new Option<int>("--threads") { Description = "Threads that compute; the model is the same with any number.", DefaultValueFactory = _ => Math.Min(MostThreads, Environment.ProcessorCount) };
        var note = new Option<string>("--note") { Description = "Your own words, kept in the model file.", DefaultValueFactory = _ => "" };
        var json = new Option<bool>("--json") { Description = "Print scores and judgement as the last line of stdout (docs/calibration.md)." };
        var command = new Command("calibrate", "Fit a trained poyo or possm model to new units from minutes of data, and judge whether it may go live.")
        {
            model, session, fromRun, output, minutes, share, epochs, rate, batch, dropout, unfreeze, unfreezeRate, latents, sameUnits, cut, noScratch, force, seed, threads, note, json,
        };
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
            var source = CalibrationSource.Read(parsed.GetValue(session), parsed.GetValue(fromRun), Tell);
            using var file = RigRun.ReadModel(parsed.GetValue(model)!);
            var options = new CalibrationOptions
            {
                Minutes = parsed.GetValue(minutes),
                Share = parsed.GetValue(share),
                HoldOutRest = source.LacksSplits && parsed.GetValue(minutes) is not null,
                SameUnits = parsed.GetValue(sameUnits),
                Cut = parsed.GetValue(cut),
                Epochs = parsed.GetValue(epochs),
                LearningRate = parsed.GetValue(rate),
                BatchWindows = parsed.GetValue(batch),
                UnitDropout = parsed.GetValue(dropout),
                UnfreezeAt = parsed.GetValue(unfreeze),
                UnfreezeRate = parsed.GetValue(unfreezeRate),
                TrainLatents = parsed.GetValue(latents),
                CompareScratch = !parsed.GetValue(noScratch),
                Force = parsed.GetValue(force),
                Seed = parsed.GetValue(seed),
                Threads = parsed.GetValue(threads),
                Note = parsed.GetValue(note)!,
            };
            var result = Calibrate(file, source.Session, options);
            foreach (var text in result.Notes) Tell(text);
            var path = CalibrationView.MarkedPath(parsed.GetValue(output)!, result.Fitness.Verdict);
            ModelFile.Save(path, result.Model);
            using var written = ModelFile.Parse(result.Model, path);
            CalibrationView.Show(CommandRunner.Screen, result);
            CommandRunner.Screen.WriteLine($"Wrote {path}, {written.Config.Kind} {written.Hash}.");
            if (parsed.GetValue(json)) Console.Out.WriteLine(CalibrationView.ToJson(result, path, written.Hash).ToJsonString());
            return result.Fitness.Verdict == FitnessVerdict.Unfit ? ExitCode.Unfit : ExitCode.Ok;
        }));
        return command;
    }

    private static void Tell(string text) => CommandRunner.Screen.MarkupLine($"[yellow]{Markup.Escape(text)}[/]");

    /// <summary>Calibrates with a progress bar; Ctrl+C stops without leaving a file.</summary>
    public static CalibrationResult Calibrate(ModelFile model, Session session, CalibrationOptions options)
    {
        using var signal = new CancelOnSignal();
        return CommandRunner.Screen.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask("preparing", maxValue: 1);
                return new Calibrator(
                    model, options,
                    doing =>
                    {
                        task.Description = Markup.Escape(doing);
                        task.Value = 0;
                    },
                    progress => task.Value = (double)progress.Steps / progress.StepsAtMost).Calibrate(session, signal.Token);
            });
    }
}
