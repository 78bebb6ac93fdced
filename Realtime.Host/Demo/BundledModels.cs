using Realtime.Acquisition.Simulation;
using Realtime.Host.Running;
using Realtime.Models;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;

namespace Realtime.Host.Demo;

/// <summary>Trained transformers that come with the program, in the folder Models beside it: for simulated head-direction sessions. How they are made: docs/bundled-models.md. Any thread.</summary>
internal static class BundledModels
{
    /// <summary>Kinds of which there is one.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [PossmRandom.Kind, PoyoRandom.Kind];

    /// <summary>What a demo decodes with when nobody says otherwise.</summary>
    public const string DefaultKind = PossmRandom.Kind;

    /// <summary>Kind of simulation, as named on the command line, that they were trained on.</summary>
    public const string Simulation = "head-direction";

    /// <summary>Whether they suit a demo's session: a simulated one of their kind.</summary>
    /// <param name="sessionFolder">A recorded session, or null.</param>
    /// <param name="simulation">Kind of simulation where there is none.</param>
    public static bool Suit(string? sessionFolder, string simulation) =>
        sessionFolder is null && SimulationKindNames.Parse(simulation) == SimulationKindNames.Parse(Simulation);

    /// <summary>The file of a kind.</summary>
    public static string PathOf(string kind) => Path.Combine(AppContext.BaseDirectory, "Models", $"{kind}-{Simulation}{ModelFile.Extension}");

    /// <summary>Reads the model of a kind.</summary>
    /// <exception cref="UserErrorException">The file is not there, or is damaged.</exception>
    public static ModelFile Read(string kind)
    {
        var path = PathOf(kind);
        if (!File.Exists(path))
            throw new UserErrorException($"The bundled weights {path} are missing. Copy the program with its folder Models, or take a linear decoder: --model wiener.", ExitCode.BadInput);
        return RigRun.ReadModel(path);
    }
}
