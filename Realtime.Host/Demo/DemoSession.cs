using Realtime.Acquisition.Recordings;
using Realtime.Acquisition.Simulation;
using Realtime.Engine.Sessions;

namespace Realtime.Host.Demo;

/// <summary>The session of a demo: simulated on the spot, or the user's own.</summary>
public static class DemoSession
{
    /// <summary>Reads the user's session, or simulates one and writes it to <paramref name="folder"/>.</summary>
    /// <returns>The session, and the folder it can be replayed from.</returns>
    public static (Session Session, string Folder) Make(DemoOptions options, string folder)
    {
        if (options.SessionFolder is { } own) return (SessionReader.Read(own), Path.GetFullPath(own));
        var simulated = SessionSimulator.Simulate(new SimulationOptions { Kind = SimulationKindNames.Parse(options.Kind), Seed = options.Seed });
        simulated.Write(folder, overwrite: true);

        // Read back: what is trained on is what the replay will send.
        return (SessionReader.Read(folder), folder);
    }
}
