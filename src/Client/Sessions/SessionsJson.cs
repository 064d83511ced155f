using System.Text.Json.Serialization;

namespace Guerdon.Client.Sessions;

/// <summary>How bodies of these verbs are written and their replies read. What a record requires, a reply must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LogIn.Begun), TypeInfoPropertyName = "LogInBegun")]
[JsonSerializable(typeof(LogIn.Asks), TypeInfoPropertyName = "LogInAsks")]
[JsonSerializable(typeof(LogIn.Proves), TypeInfoPropertyName = "LogInProves")]
[JsonSerializable(typeof(LogIn.SignedIn), TypeInfoPropertyName = "LogInSignedIn")]
[JsonSerializable(typeof(ChangePassword.Request), TypeInfoPropertyName = "ChangePasswordRequest")]
[JsonSerializable(typeof(ChangePassword.Reply), TypeInfoPropertyName = "ChangePasswordReply")]
[JsonSerializable(typeof(IReadOnlyList<PasskeyVerbs.Passkey>), TypeInfoPropertyName = "PasskeyVerbsPasskeys")]
[JsonSerializable(typeof(IReadOnlyList<SessionVerbs.Item>), TypeInfoPropertyName = "SessionVerbsItems")]
internal sealed partial class SessionsJson : JsonSerializerContext;
