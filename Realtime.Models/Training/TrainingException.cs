namespace Realtime.Models.Training;

/// <summary>A model that cannot be fitted from this session with these options; the message says why and what to change.</summary>
public sealed class TrainingException(string message, Exception? inner = null) : Exception(message, inner);
