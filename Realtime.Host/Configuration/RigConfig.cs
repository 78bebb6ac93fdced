namespace Realtime.Host.Configuration;

/// <summary>
/// One rig: where spikes come from, when ticks fall, which model answers, where answers go. Validated by <see cref="RigConfigLoader"/>.
/// </summary>
/// <remarks>The initialisers are the defaults; <see cref="RigConfigKeys"/> reads them, so that each default is written once.</remarks>
public sealed record RigConfig
{
    /// <summary>The version of the file format that this program reads.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>Name of the rig; part of each run folder's name.</summary>
    public string Name { get; init; } = "rig";

    /// <summary>At least one; the first is the reference that ticks are counted on.</summary>
    public IReadOnlyList<SourceConfig> Sources { get; init; } = [];

    public TicksConfig Ticks { get; init; } = new();

    public ModelConfig Model { get; init; } = new();

    public TrialsConfig Trials { get; init; } = new();

    public FramesConfig Frames { get; init; } = new();

    public UnitsConfig Units { get; init; } = new();

    public OutputsConfig Outputs { get; init; } = new();

    public DecodeThreadConfig DecodeThread { get; init; } = new();

    public RunConfig Run { get; init; } = new();

    /// <summary>The config file's full path; empty for a config made in code.</summary>
    public string FilePath { get; init; } = "";

    /// <summary>The file's text as read, for the journal and the report; empty for a config made in code.</summary>
    public string Text { get; init; } = "";

    /// <summary>The model file's full path.</summary>
    public string ModelPath => Resolve(Model.Path);

    /// <summary>The full path of the folder under which each run makes a folder of its own.</summary>
    public string RunsFolder => Resolve(Run.Folder);

    /// <summary>A path in the config is relative to the config file, wherever the program was started.</summary>
    public string Resolve(string path)
    {
        var folder = FilePath.Length > 0 ? Path.GetDirectoryName(FilePath)! : Environment.CurrentDirectory;
        return Path.GetFullPath(path, folder);
    }
}
