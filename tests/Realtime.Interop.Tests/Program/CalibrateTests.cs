using System.Globalization;
using System.Text.Json;
using Realtime.Acquisition.Recordings;
using Realtime.Acquisition.Simulation;
using Realtime.Models;
using Realtime.Models.Training.Transformers;

namespace Realtime.Interop.Tests.Program;

/// <summary>Calibration as a user does it, and what a run makes of its judgement.</summary>
[Collection(RigCollection.Name)]
public sealed class CalibrateTests(RigFixture rig)
{
    [Fact]
    public void An_unfit_model_is_marked_refused_and_told_wherever_it_runs()
    {
        var wanted = Path.Combine(rig.Folder, "calibrated.rtmodel");
        string[] arguments = ["calibrate", Trained(), rig.Session, "--minutes", "1", "--epochs", "1", "--learning-rate", "1e-9", "--no-scratch", "-o", wanted, "--json"];
        var (code, output, errors) = Rtdecode.Run(arguments);
        Assert.True(code == 15, errors);
        Assert.Contains("Not fit for live use", errors);
        Assert.Contains("wiener", errors);
        using var json = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        Assert.Equal("unfit", json.RootElement.GetProperty("fitness").GetString());
        Assert.True(json.RootElement.GetProperty("baseline_mean_r2").GetDouble() > json.RootElement.GetProperty("mean_r2").GetDouble());
        var unfit = Path.Combine(rig.Folder, "calibrated-unfit.rtmodel");
        Assert.Equal(unfit, json.RootElement.GetProperty("model").GetString());
        Assert.False(File.Exists(wanted));

        var config = rig.Config(RigFixture.FreePort(), RigFixture.FreePort(), model: unfit);
        var (refused, _, reason) = Rtdecode.Run("run", config, "--seconds", "2");
        Assert.Equal(4, refused);
        Assert.Contains("judged unfit for live use", reason);
        Assert.Contains("model.allow_unfit: true", reason);
        Assert.Equal(3, Rtdecode.Run("validate", config).Code);
        File.WriteAllText(config, File.ReadAllText(config).Replace("rtmodel' }", "rtmodel', allow_unfit: true }", StringComparison.Ordinal));
        var (allowed, _, told) = Rtdecode.Run("run", config, "--seconds", "2");
        Assert.True(allowed == 0, told);
        Assert.Contains("UNFIT MODEL", told);
        Assert.Contains("the rig config says model.allow_unfit", told);
        Assert.EndsWith("-test-unfit-model", rig.LastRun());
        Assert.Contains("\"fitness\": \"unfit\"", File.ReadAllText(Path.Combine(rig.LastRun(), "report.json")));

        var (forced, _, _) = Rtdecode.Run([.. arguments, "--force"]);
        Assert.Equal(0, forced);
        Assert.True(File.Exists(Path.Combine(rig.Folder, "calibrated-forced.rtmodel")));
        Assert.Contains("by force", Rtdecode.Run("validate", rig.Config(5556, 5560, model: Path.Combine(rig.Folder, "calibrated-forced.rtmodel"))).Errors);
    }

    [Fact]
    public void A_recorded_run_calibrates_a_model_to_units_that_the_runs_own_model_did_not_know()
    {
        // A rig whose electrodes have other names: every spike is unknown to the model that runs.
        var session = Path.Combine(rig.Folder, "renamed");
        CopySession(rig.Session, session);
        var meta = Path.Combine(session, "meta.json");
        File.WriteAllText(meta, File.ReadAllText(meta).Replace("\"Electrode ", "\"Tetrode ", StringComparison.Ordinal));
        var data = RigFixture.FreePort();
        using var run = Rtdecode.Start("run", rig.Config(data, RigFixture.FreePort(), source: "replay_speed: 0"), "--seconds", "12", "--record");
        run.WaitFor("OFFLINE");
        var (code, _, errors) = Rtdecode.Run("replay", session, "--part", "all", "--speed", "0", "--data-port", data.ToString(CultureInfo.InvariantCulture), "--wait-subscribers", "1");
        Assert.True(code == 0, errors);
        Assert.True(run.WaitForExit() == 0, run.Errors);
        var folder = rig.LastRun();
        var recorded = SessionReader.Read(Path.Combine(folder, "session"));
        var original = SessionReader.Read(session);
        var firing = original.SpikeUnits.Distinct().Select(unit => original.Units[unit]).ToHashSet();
        Assert.True(firing.Count > 20);
        Assert.Equal(firing, recorded.Units.Units.Skip(24).ToHashSet());
        Assert.InRange(recorded.SpikeSamples.Length, 0.99 * original.SpikeSamples.Length, original.SpikeSamples.Length);

        var model = Path.Combine(rig.Folder, "from run.rtmodel");
        var (calibrated, _, said) = Rtdecode.Run("calibrate", Trained(), "--from-run", folder, "--minutes", "1", "--epochs", "2", "--no-scratch", "--force", "-o", model);
        Assert.True(calibrated == 0, said);
        Assert.Contains("units never fire", said);
        var written = Directory.GetFiles(rig.Folder, "from run*.rtmodel").Single();
        using var file = ModelFile.Read(written);
        Assert.Equal(recorded.Units.Units, file.Config.Units);
        Assert.Equal(60, file.Config.Training.Fitness!.HeldOut[0][0], 3);
        Assert.Contains("no recorded session", Rtdecode.Run("calibrate", Trained(), "--from-run", rig.Runs, "-o", model).Errors);
        Assert.Equal(2, Rtdecode.Run("calibrate", Trained(), "-o", model).Code);
    }

    /// <summary>A small model of another animal; made once.</summary>
    private string Trained()
    {
        var path = Path.Combine(rig.Folder, "other-animal.rtmodel");
        if (File.Exists(path)) return path;
        var other = SessionSimulator.Simulate(new SimulationOptions { Units = 16, Minutes = 2, Seed = 77 }).Session;
        var training = TransformerTrainer.Train([other], new TrainingRecipe
        {
            Possm = TinyModels.Possm,
            TargetMs = 50,
            Outputs = ["cos_head_direction", "sin_head_direction"],
            Epochs = 2,
            BatchWindows = 16,
        }, new TrainerOptions());
        ModelFile.Save(path, training.Model!);
        return path;
    }

    private static void CopySession(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
    }
}
