namespace Realtime.Models.Training.Transformers;

/// <summary>What does not change the weights that come out.</summary>
public sealed record TrainerOptions
{
    /// <summary>Threads that compute, from 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>File to keep checkpoints in, or null for none.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Time between two checkpoints; one is written at the end of each epoch as well, when a tenth of it has passed.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether to go on from the checkpoint, if there is one.</summary>
    public bool Resume { get; init; }

    /// <summary>Parameters that thaw on the way.</summary>
    public IReadOnlyList<ParameterThaw> Thaws { get; init; } = [];

    /// <summary>Told on the training thread.</summary>
    public Action<TrainerProgress>? Progress { get; init; }

    /// <summary>Told what went wrong without ending the training: a checkpoint that could not be written.</summary>
    public Action<string>? Warning { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Opens the file that a checkpoint is written to.</summary>
    public Func<string, Stream> Open { get; init; } = path => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
}
